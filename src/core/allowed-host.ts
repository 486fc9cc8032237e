/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

/** Whether a host may be loaded: this machine always, another one if a name or a pattern such as *.example.org lists it. */
export function isAllowedHost(host: string, allow: readonly string[]): boolean {
  return isLoopback(host) || allow.some((pattern) => fits(host, pattern.toLowerCase()))
}

function fits(host: string, wanted: string): boolean {
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted
}
