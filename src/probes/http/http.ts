import {redactUrl} from '../../core/redact.ts'
import {tooMany} from '../following-redirects.ts'
import type {Attempt, Target, Trace} from '../probe.ts'
import {requestHeaders} from '../request-options.ts'
import {withPath} from '../url-address.ts'
import {exchange, type HttpRequest, type HttpResponse} from './exchange.ts'
import {checkExpectations} from './expectations.ts'
import {httpAddress, type HttpOptions} from './options.ts'
import {followRedirect, redirectTarget} from './redirect.ts'

/** Sends one request, follows redirects as told, and holds the last answer against what was expected. */
export const http: Attempt<HttpOptions> = async (target, options, trace) => {
  const startedAt = trace.now()
  const {method, body, maxBodyBytes} = options
  const url = withPath(httpAddress.parse(target.address).url, options.path)
  const request = {url, method, body, maxBodyBytes, headers: requestHeaders(options, trace), connection: options}
  const response = await followed(request, {target, limit: options.redirects}, trace)
  checkExpectations(response, options.expect)
  trace.event({indicator: 'health', ok: true, value: trace.now() - startedAt})
}

/** The answer after at most `limit` redirects. With a limit of 0 a redirect is an answer like any other. */
async function followed(
  first: HttpRequest,
  {target, limit}: {target: Target; limit: number},
  trace: Trace,
): Promise<HttpResponse> {
  let request = first
  for (let hops = 0; ; hops++) {
    const response = await exchange(request, target, trace)
    const next = redirectTarget(response, request.url)
    if (next) trace.fact('redirect_location', redactUrl(next.href))
    if (!next || limit === 0) return response
    if (hops === limit) {
      throw tooMany(limit, next)
    }
    trace.fact('redirects', hops + 1)
    request = followRedirect(request, response, next)
  }
}
