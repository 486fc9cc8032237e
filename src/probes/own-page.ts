import type {HttpAnswer} from './http-answer.ts'

/** Error pages that a proxy makes itself, when no back end has a say. */
const pages: readonly (readonly [name: string, page: RegExp])[] = [
  ['nginx', /<center>(nginx|openresty)/i],
  ['HAProxy', /^<html><body><h1>\d{3} [^<]*<\/h1>\n/],
  ['Apache', /<address>Apache\//],
  ['Envoy', /^(no healthy upstream|upstream connect error|upstream request timeout)/],
  ['Cloudflare', /<center>cloudflare|\bcf-error/],
]

/** Which proxy wrote this answer, where it was none of the servers behind. */
export function ownPageOf({status, headers, body}: HttpAnswer): string | undefined {
  if (status < 400) return undefined
  if (String(headers.server).startsWith('awselb/')) return 'the load balancer of AWS'
  return pages.find(([, page]) => page.test(body))?.[0]
}
