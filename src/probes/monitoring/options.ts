import {connectionOptions} from '../connection-options.ts'
import {requestOptions} from '../request-options.ts'
import {urlAddress} from '../url-address.ts'

/** What every probe of a monitoring server takes. */
export const monitoringOptions = {...requestOptions, ...connectionOptions}

export const monitoringAddress = urlAddress('http')
