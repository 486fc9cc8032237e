import {z} from 'zod'

/** RFC 9110, section 5.6.2: what the name of a header, a method or a subprotocol is made of. */
export const httpToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Those of the connection itself: a probe that let them be changed would measure something else. */
const own = /^(connection|content-length|transfer-encoding|upgrade|sec-websocket-.*)$/i

export const headerName = z
  .string()
  .regex(httpToken, 'expected a header name')
  .refine((name) => !own.test(name), 'expected a header that the probe does not set itself')

/** RFC 9110, section 5.5. Above all no CR and LF: with them a value could smuggle in headers or a whole request. */
export const headerValue = z
  .string()
  .regex(
    /^[\t\x20-\x7e\x80-\xff]*$/,
    'expected a header value without line breaks, control characters or other scripts',
  )

/** RFC 6455, section 4.1. */
export const subprotocols = z
  .array(z.string().regex(httpToken, 'expected a subprotocol name'))
  .refine((names) => new Set(names).size === names.length, 'expected each subprotocol once')
  .default([])
  .describe('subprotocols to offer; the server must select one of them')

/** A path that takes the place of a URL's. */
export const urlPath = z
  .string()
  .regex(/^\/[^\s?#]*$/, 'expected a path that begins with "/" and has no query: that belongs into `query`')
