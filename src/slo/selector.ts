/** The family that a selector is of: `http_requests_total{status="500"}` is of `http_requests_total`. */
export function familyOf(selector: string): string {
  return /^\s*([a-zA-Z_:][\w:]*)/.exec(selector)?.[1] ?? selector
}
