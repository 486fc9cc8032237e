const entities: Readonly<Record<string, string>> = {'&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos'}
const characters: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(entities).map(([character, name]) => [name, character]),
)

/** A text as it may stand in XML, between tags and in attributes alike. Line ends are kept from being normalised. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&${entities[one] ?? ''};`).replace(/\r/g, '&#13;')
}

/** The text that a piece of XML stands for (XML 1.0, sections 4.1 and 4.6). What is no reference stays. */
export function unescapeXml(xml: string): string {
  return xml.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (reference, ...groups: (string | undefined)[]) => {
    const [decimal, hex, name = ''] = groups
    if (decimal === undefined && hex === undefined) return characters[name] ?? reference
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : reference
  })
}
