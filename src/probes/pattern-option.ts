import {z} from 'zod'
import {compilePattern} from '../dialect/pattern.ts'

/** A pattern in an option, in RE2's syntax. Stays a text: options travel to child processes as JSON. */
export function pattern(): z.ZodString {
  return z.string().check((context) => {
    try {
      compilePattern(context.value)
    } catch (error) {
      context.issues.push({code: 'custom', message: (error as Error).message, input: context.value})
    }
  })
}
