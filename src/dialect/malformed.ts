import {beginning} from './beginning.ts'

/** What came is no packet of the protocol. Drivers turn it into the failure `protocol_error`. */
export class Malformed extends Error {
  override readonly name = 'Malformed'

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${JSON.stringify(beginning(got, 80))}`)
  }
}
