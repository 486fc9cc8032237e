import {parser} from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** A metric that a query selects, with the labels that it asks for. */
export interface SelectedMetric {
  readonly name: string
  readonly labels: readonly string[]
}

/** Where a query cannot be read, or null where it can. By the grammar of Prometheus' own editor. */
export function promqlMistake(query: string): string | null {
  const nodes = nodesOf(query)
  const broken = nodes.find(({type}) => type.isError)
  if (broken) {
    const got = query.slice(broken.from, broken.from + 20)
    return `expected PromQL, got ${got ? `"${got}"` : 'its end'} at character ${broken.from + 1}`
  }
  const rangeless = nodes.find((node) => node.name === 'FunctionCall' && lacksRange(node, query))
  if (!rangeless) return null
  return `expected a range such as [5m] inside ${functionOf(rangeless, query)}(), got none at character ${rangeless.from + 1}`
}

/** Every metric that a query selects by name. */
export function selectedIn(query: string): SelectedMetric[] {
  const text = ({from, to}: SyntaxNode) => query.slice(from, to)
  return nodesOf(query).flatMap((node) => {
    const identifier = node.name === 'VectorSelector' ? node.getChild('Identifier') : null
    if (!identifier) return []
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
    return [
      {name: text(identifier), labels: matchers.flatMap((matcher) => matcher.getChild('LabelName') ?? []).map(text)},
    ]
  })
}

function nodesOf(query: string): SyntaxNode[] {
  const nodes: SyntaxNode[] = []
  parser.parse(query).iterate({enter: ({node}) => void nodes.push(node)})
  return nodes
}

const ranged = /^(rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|holt_winters|\w+_over_time)$/

/** The grammar reads `rate(x)`; Prometheus does not. */
function lacksRange(call: SyntaxNode, query: string): boolean {
  if (!ranged.test(functionOf(call, query))) return false
  return !/\[[^\]]+\]/.test(query.slice(call.from, call.to).replace(/"[^"]*"|'[^']*'/g, ''))
}

function functionOf(call: SyntaxNode, query: string): string {
  const identifier = call.getChild('FunctionIdentifier')
  return identifier ? query.slice(identifier.from, identifier.to) : ''
}
