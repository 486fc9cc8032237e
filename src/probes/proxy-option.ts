import {z} from 'zod'

/** For the schema of a probe, as `proxy`. A proxy is used only where somebody says so, never because one is there. */
export const proxyOption = z
  .string()
  .refine((text) => {
    const url = URL.parse(text)
    return url?.protocol === 'http:' && url.hostname !== ''
  }, 'expected the address of an HTTP proxy, such as http://proxy.example.org:3128')
  .optional()
  .meta({secret: true})
  .describe('HTTP proxy to go through by CONNECT, as ${HTTPS_PROXY}; without it none is used')
