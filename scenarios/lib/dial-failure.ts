import type {FailureCode} from '../../src/core/failure.ts'

/** Why no connection came about: what k6 says of it are the words of Go's libraries. */
export function dialFailure(error: string): FailureCode {
  return causes.find(([pattern]) => pattern.test(error))?.[1] ?? 'closed'
}

const causes: readonly (readonly [RegExp, FailureCode])[] = [
  [/connection refused/, 'refused'],
  [/no such host/, 'dns_not_found'],
  [/too many open files|cannot assign requested address|no buffer space/, 'exhausted'],
  [/i\/o timeout|deadline exceeded|request timeout/, 'timeout'],
  [/reset by peer|broken pipe/, 'reset'],
  [/unreachable|no route/, 'unreachable'],
  [/x509|certificate/, 'tls_untrusted'],
  [/tls:/, 'tls_protocol'],
]
