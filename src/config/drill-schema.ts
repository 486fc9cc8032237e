import {z} from 'zod'
import {slug} from './names.ts'

/** What a deployment allows drills to do. */
export const drillSchema = z.strictObject({
  allow: z
    .array(z.string().regex(/^(\*\.)?[a-z0-9.:-]+$/i, 'expected a host such as chat.example.org or *.example.org'))
    .default([])
    .describe('hosts beyond this machine that a drill may load'),
  sockets: slug.optional().describe('the signaling check whose server is loaded; without it the first with an address'),
  relays: slug.optional().describe('the turn check whose server is loaded; without it the first with an address'),
  requests: z
    .record(slug, z.number().positive())
    .optional()
    .describe('http checks whose requests are made, with their weights; without it all that only read, alike'),
})
