/** The cookies of one session: load balancers keep a client on its node by them. Attributes do not matter within one. */
export class Cookies {
  readonly #values = new Map<string, string>()

  store(setCookie: readonly string[] | undefined): void {
    for (const line of setCookie ?? []) {
      const [, name, value = ''] = /^\s*([^=;\s]+)\s*=\s*([^;]*)/.exec(line) ?? []
      if (name !== undefined) this.#values.set(name, value)
    }
  }

  /** The request header, or nothing without cookies. */
  header(): {cookie?: string} {
    if (this.#values.size === 0) return {}
    return {cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ')}
  }
}
