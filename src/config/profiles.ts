import type {Layer} from './layer.ts'
import {libraryOf, namesIn, readDocument, type DocumentRequest} from './library.ts'

export const DEFAULT_PROFILE = 'video-chat'

const library = libraryOf('profile')

/** Names of the built-in profiles. */
export function profileNames(): Promise<string[]> {
  return namesIn(library)
}

/** A profile and all that it extends, the innermost first. */
export function readProfile(request: DocumentRequest): Promise<Layer[]> {
  return readDocument(library, request)
}
