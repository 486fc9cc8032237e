import {describe, expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import {closing} from '../fixtures/closing.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'

const {http} = probes
const auth = {bearer: 'tok-12345'}

describe('a redirect', () => {
  test('is shown and not followed unless told', async () => {
    const server = closing(
      await serveHttp((_request, response) => response.writeHead(302, {location: '/login?token=abcdef'}).end()),
    )
    const result = await attemptOn(http, {address: server.address})
    const location = `${server.address}/login?token=…`
    expect(result).toMatchObject({
      facts: {http_status: 302, redirect_location: location},
      failure: {
        code: 'http_status',
        message: 'expected status 2xx, got 302 Found',
        hint: 'it redirects to /login?token=…: follow with `redirects`, or accept the status',
      },
    })
    expect(JSON.stringify(result)).not.toContain('abcdef')
    expect(await attemptOn(http, {address: server.address, options: {expect: {status: [302]}}})).toMatchObject({
      ok: true,
    })
  })

  test('is followed to the answer, its phases added up', async () => {
    const server = closing(
      await serveHttp((request, response) => {
        const hop = Number(request.url?.slice(1))
        setTimeout(() => {
          if (hop < 3) response.writeHead(301, {location: `/${hop + 1}`}).end()
          else response.end('there')
        }, 30)
      }),
    )
    const result = await attemptOn(http, {
      address: `${server.address}/0`,
      options: {redirects: 3, expect: {body: 'there'}},
    })
    expect(result).toMatchObject({ok: true, facts: {http_status: 200, redirects: 3}})
    expect(result.phases.find(({name}) => name === 'processing')?.ms).toBeGreaterThan(4 * 29)
  })

  test('in a circle ends at the limit', async () => {
    let requests = 0
    const server = closing(
      await serveHttp((_request, response) => {
        requests++
        response.writeHead(307, {location: '/again'}).end()
      }),
    )
    expect(await attemptOn(http, {address: server.address, options: {redirects: 4}})).toMatchObject({
      failure: {
        code: 'http_redirect',
        message: `expected at most 4 redirects, got one more, to ${server.address}/again`,
      },
    })
    expect(requests).toBe(5)
  })

  test('never carries credentials, headers or a body to another origin, nor back again', async () => {
    const seen: unknown[] = []
    const home = await serveHttp((request, response) => {
      seen.push(['home', request.url, request.headers.authorization, request.headers['x-api-key']])
      if (request.url === '/') response.writeHead(302, {location: '/same'}).end()
      else if (request.url === '/same') response.writeHead(302, {location: away.address}).end()
      else response.end()
    })
    const away = await serveHttp((request, response) => {
      seen.push(['away', request.url, request.headers.authorization, request.headers['x-api-key']])
      response.writeHead(302, {location: `${home.address}/back`}).end()
    })
    closing(home)
    closing(away)
    const options = {redirects: 3, auth, headers: {'X-Api-Key': 'k'}}
    expect(await attemptOn(http, {address: `${home.address}/`, options})).toMatchObject({ok: true})
    expect(seen).toEqual([
      ['home', '/', 'Bearer tok-12345', 'k'],
      ['home', '/same', 'Bearer tok-12345', 'k'],
      ['away', '/', undefined, undefined],
      ['home', '/back', undefined, undefined],
    ])
  })

  test('that would send the body to another origin is refused', async () => {
    const away = closing(await serveHttp((_request, response) => response.end()))
    const home = closing(
      await serveHttp((_request, response) => response.writeHead(307, {location: away.address}).end()),
    )
    expect(
      await attemptOn(http, {address: home.address, options: {redirects: 1, method: 'POST', body: 'x'}}),
    ).toMatchObject({
      failure: {code: 'http_redirect', message: `refused to send the body to another origin: ${away.address}/`},
    })
  })

  test.each([
    [303, 'PUT', 'GET'],
    [302, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'PUT', 'PUT'],
    [303, 'HEAD', 'HEAD'],
  ])('with %i turns %s into %s', async (status, before, after) => {
    const methods: unknown[] = []
    const server = closing(
      await serveHttp((request, response) => {
        methods.push(request.method)
        if (request.url === '/') response.writeHead(status, {location: '/next'}).end()
        else response.end()
      }),
    )
    expect(await attemptOn(http, {address: server.address, options: {redirects: 1, method: before}})).toMatchObject({
      ok: true,
    })
    expect(methods).toEqual([before, after])
  })

  test('to another scheme is not followed', async () => {
    const server = closing(
      await serveHttp((_request, response) => response.writeHead(302, {location: 'file:///etc/passwd'}).end()),
    )
    expect(await attemptOn(http, {address: server.address, options: {redirects: 1}})).toMatchObject({
      failure: {code: 'http_redirect', message: 'expected a redirect to http: or https:, got file:///etc/passwd'},
    })
  })
})
