import type {Unit} from './prometheus-source.ts'

/** A metric family that a system promises to export. */
export interface PromisedFamily {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly help: string
  readonly unit?: Unit | undefined
  /** Labels with their known values; none known is an empty list. */
  readonly labels?: Readonly<Record<string, readonly string[]>> | undefined
  /** Labels that a query needs and that nobody promised. */
  readonly assumed_labels?: Readonly<Record<string, readonly string[]>> | undefined
  /** Upper bounds that are promised. */
  readonly buckets?: readonly number[] | undefined
  /** Upper bounds that objectives ask for: without a bucket at each of them Prometheus cannot tell. */
  readonly limits?: readonly number[] | undefined
  /** Where it stands in a system that exports JSON. */
  readonly json?: string | undefined
  /** Why it stands here although the document's list does not have it. */
  readonly assumed?: string | undefined
}

/** What a system promises to export, by the name of the family. */
export type Contract = Readonly<Record<string, PromisedFamily>>
