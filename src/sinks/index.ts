import type {PushgatewayOptions} from './pushgateway/options.ts'
import type {Sink} from './sink.ts'

/** Every kind of sink, by its name in the config, with what it takes. */
export interface SinkOptions {
  readonly pushgateway?: PushgatewayOptions | undefined
}

/** Loads and makes the configured sinks, and only these. */
export function makeSinks({pushgateway}: SinkOptions): Promise<Sink[]> {
  return Promise.all([
    ...(pushgateway
      ? [import('./pushgateway/pushgateway.ts').then(({makePushgateway}) => makePushgateway(pushgateway))]
      : []),
  ])
}
