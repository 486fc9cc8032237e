/** What k6's own engine has besides its modules, as far as it is used here. */
declare const console: {warn(text: string): void}
declare class TextDecoder {
  constructor(label: string, options: {fatal: boolean; ignoreBOM: boolean})
  decode(bytes: Uint8Array): string
}
declare function setTimeout(act: () => void, ms: number): number
declare function clearTimeout(timer: number): void
declare function setInterval(act: () => void, ms: number): number
declare function clearInterval(timer: number): void
/** The bundler's: what is required is loaded when that is reached. */
declare function require(path: string): unknown
