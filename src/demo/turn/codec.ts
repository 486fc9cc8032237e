/** The one door to werift's codec: another than the probes' own, so that each is held to what the other says. */
export {classes, isComprehensionRequiredAttribute, makeIntegrityKey, Message, methods, parseMessage} from 'werift-ice'
