/** The one door to the codec, for this folder's readers and writers and for the demo's TURN server. */
export {classes, isComprehensionRequiredAttribute, makeIntegrityKey, Message, methods, parseMessage} from 'werift-ice'
