/** What is used of k6's modules once virtual users run, when none can be loaded any more. */
export {sleep} from 'k6'
export {default as exec} from 'k6/execution'
export {default as http} from 'k6/http'
export {WebSocket} from 'k6/websockets'
