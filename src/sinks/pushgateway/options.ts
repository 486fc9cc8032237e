import type {TlsOptions} from '../../probes/tls-options.ts'

/** As the config gives them: checked, with secrets in place. */
export interface PushgatewayOptions {
  /** Its base address; a path is kept. */
  readonly url: string
  readonly auth?: {readonly bearer: string} | {readonly username: string; readonly password: string} | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly required: boolean
  /** Milliseconds for everything. */
  readonly timeout: number
  readonly tls?: TlsOptions | undefined
}
