// The least that holds Socket.IO sessions and times their round trips: what k6 itself costs.
/* global __ENV, setInterval, clearInterval -- of k6 */
import exec from 'k6/execution'
import {Trend} from 'k6/metrics'
import {WebSocket} from 'k6/websockets'

const {url, vus, socketsPerVu, intervalMs, startMs, endMs} = JSON.parse(__ENV.BARE)
const rtt = new Trend('rtt_ms', true)

export const options = {
  scenarios: {sockets: {executor: 'per-vu-iterations', vus, iterations: 1, maxDuration: `${endMs + 5000}ms`}},
  summaryTrendStats: ['count', 'p(50)', 'p(99)'],
}

let clock
let offset = -Infinity

export default function () {
  clock = exec.instance
  for (let look = 0; look < 3; look++) {
    const before = Date.now()
    let tick = before
    while (tick === before) tick = Date.now()
    offset = Math.max(offset, tick - clock.currentTestRunDuration)
  }
  const own = exec.scenario.iterationInTest
  for (let n = 0; n < socketsPerVu; n++) {
    const index = n * vus + own
    setTimeout(open, (startMs * index) / (vus * socketsPerVu))
  }
}

function open() {
  const socket = new WebSocket(url, null, {tags: {name: 'socket'}})
  const sentAt = new Map()
  let id = 0
  let timer
  const send = () => {
    sentAt.set(id, clock.currentTestRunDuration)
    socket.send(`42${id}["echo","${id}"]`)
    id++
  }
  socket.onmessage = ({data, timestamp}) => {
    if (data.startsWith('43')) {
      const answered = Number(data.slice(2, data.indexOf('[')))
      rtt.add(timestamp - offset - sentAt.get(answered))
      sentAt.delete(answered)
    } else if (data === '2') socket.send('3')
    else if (data.startsWith('0')) socket.send('40')
    else if (data.startsWith('40')) {
      timer = setInterval(send, intervalMs)
      setTimeout(
        () => {
          clearInterval(timer)
          setTimeout(() => socket.close(), 1000)
        },
        endMs - clock.currentTestRunDuration - 1000,
      )
    }
  }
}

export function handleSummary(data) {
  return {[__ENV.PROBE_DRILL_SUMMARY]: JSON.stringify(data)}
}
