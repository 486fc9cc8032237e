import {describe, expect, test} from 'vitest'
import {RTCPeerConnection} from 'werift'
import type {Json} from '../../src/core/json.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {serveRooms, type Guest} from '../fixtures/serve-rooms.ts'
import {valuesOf} from '../fixtures/values-of.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'

const ws = {transport: {kind: 'ws'}}
const ping = {roundTrip: {kind: 'ping'}}
const serve = async (serving: Parameters<typeof serveRooms>[0]) => closing(await serveRooms(serving))
const failureOf = (result: AttemptResult) => (result.ok ? 'passed' : result.failure)

const attempt = (address: string, dialect: object, options: object = {}) =>
  attemptOn(probes.signaling, {
    address,
    options: {count: 2, interval: 5, stepTimeout: 2000, matchTimeout: 2000, dialect, ...options},
  })

/** A member of a message as text. */
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null))

/** Relays everything to the other clients. */
const relay = (guest: Guest, message: object) => guest.tell(message as never)
const relayed = {
  roundTrip: {kind: 'relay', send: {json: {type: 'n', id: '{id}'}}, expect: {where: {'$.type': 'n', '$.id': '{id}'}}},
}

describe('before the socket', () => {
  const dialect = {
    transport: {
      kind: 'ws',
      path: '/nodes/{node}',
      query: {token: '{token}'},
      headers: {cookie: 'sid={sid_cookie}', 'x-side': '{side}'},
    },
    ids: {user: {prefix: 'probe&', length: 4}},
    values: {password: 'right'},
    before: [
      {
        request: {
          method: 'POST',
          path: '/login',
          headers: {'X-Api': '1'},
          body: {form: {user: '{user}', password: '{password}'}},
        },
        expect: {
          where: {'$.body.ok': true},
          take: {token: '$.body.token'},
          matches: {"$.headers['set-cookie']": 'sid=(?P<sid_cookie>[^;]+)'},
        },
        name: 'login',
      },
      {request: {path: '/users/{user}/node', query: {token: '{token}'}}, expect: {take: {node: '$.body'}}},
    ],
    errors: [{has: ['$.error'], take: {why: '$.error'}, text: '{why}'}],
    ...ping,
  }
  const login = async (upgrades: (string | undefined)[] = []) =>
    serve({
      joined: ({request}) =>
        upgrades.push(`${request.url} ${request.headers.cookie} ${request.headers['x-side'] as string}`),
      http: (request, response) => {
        const url = new URL(request.url ?? '', 'http://server')
        if (url.pathname !== '/login') {
          const known = url.searchParams.get('token') === 't 1' && /^\/users\/probe%26\w{4}\/node$/.test(url.pathname)
          response.writeHead(known ? 200 : 404).end('node/7')
          return
        }
        request.setEncoding('utf8').on('data', (body: string) => {
          const good = new URLSearchParams(body).get('password') === 'right' && request.headers['x-api'] === '1'
          response.setHeader('set-cookie', ['sid=abc; Path=/', 'theme=dark'])
          response.end(JSON.stringify(good ? {ok: true, token: 't 1'} : {ok: false, error: 'bad password'}))
        })
      },
    })

  test('requests feed path, query and headers of the connection', async () => {
    const upgrades: string[] = []
    const result = await attempt((await login(upgrades)).address, dialect)
    expect(failureOf(result)).toBe('passed')
    expect(upgrades).toEqual(['/nodes/node%2F7?token=t+1 sid=abc a'])
    expect(result.phases.find(({name}) => name === 'requests')).toMatchObject({state: 'done'})
  })

  test('have bodies in JSON and in text, which say what they are', async () => {
    const asked: string[] = []
    const server = await serve({
      http(request, response) {
        let body = ''
        request.setEncoding('utf8').on('data', (part: string) => (body += part))
        request.on('end', () => {
          asked.push(`${request.method} ${request.headers['content-type']} ${body}`)
          response.end('{"ticket":9007199254740991}')
        })
      },
    })
    const before = [
      {
        request: {method: 'PUT', path: '/user', body: {json: {name: 'a "b"', side: '{side}'}}},
        expect: {take: {ticket: '$.body.ticket'}},
      },
      {request: {method: 'POST', path: '/ticket', body: {text: 'ticket={ticket}'}}},
      {request: {method: 'POST', path: '/again', body: {json: {ticket: '{ticket}'}}}},
    ]
    expect(failureOf(await attempt(server.address, {...ws, ...ping, before}))).toBe('passed')
    expect(asked).toEqual([
      'PUT application/json {"name":"a \\"b\\"","side":"a"}',
      'POST text/plain; charset=utf-8 ticket=9007199254740991',
      'POST application/json {"ticket":9007199254740991}',
    ])
  })

  test('an error of the application in a 200 is a failure with its text', async () => {
    const result = await attempt((await login()).address, {...dialect, values: {password: 'wrong'}})
    expect(failureOf(result)).toMatchObject({
      code: 'signaling_error',
      phase: 'requests',
      message: 'client A at "login": the server answered "bad password"',
    })
    const unworded = await attempt((await login()).address, {...dialect, values: {password: 'wrong'}, errors: []})
    expect(failureOf(unworded)).toMatchObject({
      code: 'expectation_unmet',
      message: 'client A expected "login", got 200 {"ok":false,"error":"bad password"}',
    })
  })

  test('a status that is no 2xx is a failure, and so is a server that does not answer', async () => {
    const server = await serve({
      http(request, response) {
        if (request.url === '/gone') response.writeHead(410).end('closed')
        if (request.url === '/moved') response.writeHead(307, {location: 'https://u:p@login.test/?next=chat'}).end()
      },
    })
    const moved = {...ws, ...ping, before: [{request: {path: '/moved'}}]}
    expect(failureOf(await attempt(server.address, moved))).toMatchObject({
      code: 'http_status',
      message: 'client A expected 2xx of GET /moved, got 307 to https://login.test/',
    })
    const gone = {...ws, ...ping, before: [{request: {path: '/gone'}}]}
    expect(failureOf(await attempt(server.address, gone))).toMatchObject({
      code: 'http_status',
      message: 'client A expected 2xx of GET /gone, got 410 closed',
    })
    const mute = {...ws, ...ping, before: [{request: {path: '/mute'}, name: 'ticket'}]}
    const named = {
      phase: 'requests',
      message: expect.stringMatching(/^client A expected "ticket" within .* got nothing$/) as unknown,
    }
    expect(failureOf(await attempt(server.address, mute, {stepTimeout: 1000}))).toMatchObject(named)
    const hurried = await attemptOn(probes.signaling, {
      address: server.address,
      options: {dialect: mute},
      timeoutMs: 300,
    })
    expect(failureOf(hurried)).toMatchObject(named)
  })

  test('what no header can hold is the mistake of the dialect, wherever it came from', async () => {
    const server = await serve({http: (_, response) => response.end(JSON.stringify({token: 'a\r\nx-more: 1'}))})
    const take = {request: {path: '/login'}, expect: {take: {token: '$.body.token'}}}
    const wrong = {code: 'unsupported', message: 'no header can hold what was filled into x-token'}
    const inTransport = {transport: {kind: 'ws', headers: {'x-token': '{token}'}}, before: [take], ...ping}
    expect(failureOf(await attempt(server.address, inTransport))).toMatchObject(wrong)
    const again = {request: {path: '/node', headers: {'x-token': '{token}'}}}
    expect(failureOf(await attempt(server.address, {...ws, before: [take, again], ...ping}))).toMatchObject(wrong)
  })
})

describe('an opening', () => {
  const register = {
    ...ws,
    ids: {nick: {prefix: 'probe-'}},
    open: [
      {
        expect: {
          where: {'$.type': 'hello'},
          matches: {'$.url': '/rooms/(?P<room>[a-z]+)'},
          take: {version: '$.version'},
        },
      },
      {send: {json: {type: 'register', nick: '{nick}', room: '{room}', version: '{version}'}}, name: 'register'},
      {expect: {where: {'$.type': 'registered', '$.nick': '{nick}'}, take: {address: '$.address'}}, name: 'registered'},
    ],
    errors: [{where: {'$.type': 'error'}, take: {text: '$.text'}, text: '{text}'}],
  }
  const registry = (taken: readonly string[] = []) =>
    serve({
      joined: ({say}) => say({type: 'hello', url: 'https://x/rooms/lobby?y', version: 2 ** 53 - 1}),
      said({say, guests, tell}, {type, nick, room, version, to, id}) {
        if (type === 'n') tell({type, id, to} as never)
        if (type !== 'register') return
        if (taken.length > 0) say({type: 'error', text: `the name ${text(nick).slice(0, 5)} is taken`})
        else if (room === 'lobby' && version === 2 ** 53 - 1) {
          say({type: 'presence', online: guests.length})
          say({type: 'registered', nick, address: `addr-${text(nick)}`} as never)
        }
      },
    })

  test('takes an address that is assigned in a frame, a part of a text, and numbers up to 2^53', async () => {
    const toOther = {
      kind: 'relay',
      send: {json: {type: 'n', to: '{other.address}', id: '{id}'}},
      expect: {where: {'$.to': '{address}', '$.id': '{id}'}},
    }
    expect(failureOf(await attempt((await registry()).address, {...register, roundTrip: toOther}))).toBe('passed')
  })

  test('that the server refuses is shown in its words, at once', async () => {
    const server = await registry(['probe'])
    const result = await attempt(server.address, {...register, ...ping}, {stepTimeout: 60_000})
    expect(failureOf(result)).toMatchObject({
      code: 'signaling_error',
      phase: 'open',
      message: 'client A at "registered": the server answered "the name probe is taken"',
    })
  })

  test('knows its answer by several fields at once', async () => {
    const server = await serve({
      said({say}, {id = null, channel = null}) {
        if (channel !== 'ours') return
        say({id, channel: 'theirs', key: 1})
        say({id: 8, channel, key: 2})
        say({id, channel, key: 3})
      },
    })
    const open = [
      {send: {json: {id: 7, channel: 'ours'}}},
      {expect: {where: {'$.id': 7, '$.channel': 'ours'}, take: {key: '$.key'}}},
      {send: {json: {key: '{key}'}}},
    ]
    expect(failureOf(await attempt(server.address, {...ws, ...ping, open}))).toBe('passed')
    expect(server.heard.at(-1)).toBe('{"key":3}')
  })

  test('may go on after an answer with an error that is the expected one, and two replies in either order', async () => {
    const server = await serve({
      said({say}, {cmd, id}) {
        if (cmd !== 'join') return
        say({result: 'joined', id} as never)
        say({error: 'no history', id} as never)
        say({result: 'accepted', id} as never)
      },
    })
    const open = [
      {send: {json: {cmd: 'join', id: 7}}},
      {expect: {where: {'$.result': 'accepted', '$.id': 7}, absent: ['$.error']}},
      {expect: {where: {'$.result': 'joined'}, not: {'$.id': 8}}},
      {expect: {has: ['$.error'], where: {'$.id': 7}}},
    ]
    const errors = [{has: ['$.error']}]
    expect(failureOf(await attempt(server.address, {...ws, ...ping, open, errors}))).toBe('passed')
  })

  test.each(['own', 'official'])(
    'acknowledges by error first and by status first, and what the server wants acknowledged: %s',
    async (client) => {
      const owed: unknown[] = []
      const server = closing(
        await videoChatServer({
          prepare: (io) =>
            io.on('connection', (socket) => {
              socket.on('auth', (token: string, reply: (...args: unknown[]) => void) =>
                token === 'good' ? reply(null, {user: 9}, 'more') : reply({message: 'bad token'}),
              )
              socket.on('join', (user: number, reply: (...args: unknown[]) => void) => {
                reply('ok', user)
                socket.emit('welcome', {n: 1}, (...args: unknown[]) => owed.push(args))
              })
            }),
        }),
      )
      const open = (token: string) => [
        {send: {event: 'auth', args: [token]}, ack: {absent: ['$[0]'], take: {user: '$[1].user'}}, name: 'auth'},
        {send: {event: 'join', args: ['{user}']}, ack: {where: {'$[0]': 'ok', '$[1]': '{user}'}}},
        {expect: {event: 'welcome', take: {n: '$[0].n'}}, acknowledge: ['got it', '{n}']},
      ]
      const dialect = {
        transport: {kind: 'socket.io'},
        roundTrip: {kind: 'ack', send: {event: 'echo', args: ['{id}']}, ack: {where: {'$[0]': '{id}'}}},
      }
      expect(failureOf(await attempt(server.url, {...dialect, open: open('good')}, {client}))).toBe('passed')
      expect(owed).toEqual([['got it', 1]])
      expect(failureOf(await attempt(server.url, {...dialect, open: open('bad')}, {client}))).toMatchObject({
        code: 'expectation_unmet',
        message: 'client A expected "auth", got ack 0 [{"message":"bad token"}]',
      })
    },
  )
})

describe('values', () => {
  test('are escaped for JSON in JSON, and read from it', async () => {
    const server = await serve({
      said: ({say}, {data}) => {
        const read = JSON.parse(text(data)) as {text: string; n: number}
        say({data: JSON.stringify({back: read.text, n: read.n, deep: JSON.stringify({n: read.n})})})
      },
    })
    const roundTrip = {
      kind: 'reply',
      send: {json: {data: '{inner|json}'}, with: {inner: {text: 'a "quoted" {{brace}} \u2028 {id}', n: '{n}'}}},
      expect: {
        parse: ['$.data', '$.data.deep'],
        where: {'$.data.back': 'a "quoted" {{brace}} \u2028 {id}', '$.data.n': '{n}', '$.data.deep.n': '{n}'},
      },
    }
    const result = await attempt(server.address, {...ws, roundTrip})
    expect(failureOf(result)).toBe('passed')
    expect(server.heard[0]).toContain('{brace}')
  })

  test('are escaped for XML, and read from it by pattern', async () => {
    const server = await serve({
      said: ({socket}, _, text) => {
        const [, id = '', body = ''] = /^<message id='([^']+)'><body>(.*)<\/body><\/message>$/.exec(text) ?? []
        if (body.includes('<') || !body.includes('&lt;b&gt; &amp; &apos;')) socket.close(4002, 'not well-formed')
        socket.send(`<receipt id="${id}"><copy>${body}</copy></receipt>`)
      },
    })
    const dialect = {
      transport: {kind: 'ws', subprotocols: []},
      values: {words: "<b> & 'c'"},
      open: [
        {send: {xml: "<message id='{side}'><body>{words}</body></message>"}},
        {expect: {matches: {$: 'id="a"><copy>(?P<copy>.*)</copy>'}, decode: {copy: 'xml'}}},
        {send: {xml: "<message id='2'><body>{copy}</body></message>"}},
        {expect: {matches: {$: '^<receipt id="2">'}}},
      ],
      ...ping,
    }
    expect(failureOf(await attempt(server.address, dialect))).toBe('passed')
  })

  test('may be keys, tell their length in bytes, and repeat what came with some of it changed', async () => {
    const server = await serve({
      said({socket, say}, message, frame) {
        if (frame.startsWith('SEND')) {
          const [head = '', body = ''] = frame.split('\n\n')
          const length = Number(/content-length:(\d+)/.exec(head)?.[1])
          socket.send(`RECEIPT ${Buffer.byteLength(body.replace('\0', '')) === length ? 'exact' : 'wrong'}`)
        } else if ('template' in message) say({kind: 'form', fields: {a: 1, b: [1, 2]}, secret: 'x'})
        else if (message.kind === 'filled') say({[text(message.key)]: {users: {[text(message.key)]: 1}}, got: message})
      },
    })
    const dialect = {
      ...ws,
      ids: {key: {alphabet: 'xyz', length: 5, prefix: 'k-'}, digits: {number: true, length: 15}},
      open: [
        {send: {text: 'SEND\ncontent-length:{body|bytes}\n\n{body}\u0000', with: {body: 'grüße {side} 🙂'}}},
        {expect: {matches: {$: '^RECEIPT exact'}}},
        {send: {json: {template: true}}},
        {expect: {where: {'$.kind': 'form'}, take: {form: '$'}}},
        {
          send: {
            json: '{form}',
            change: {'$.kind': 'filled', '$.key': '{key}', '$.fields.b[-1]': '{digits}'},
            drop: ['$.secret'],
          },
        },
        {
          expect: {
            where: {
              "$['{key}'].users['{key}']": 1,
              '$.got': {kind: 'filled', fields: {a: 1, b: [1, '{digits}']}, key: '{key}'},
            },
          },
        },
      ],
      ...ping,
    }
    expect(failureOf(await attempt(server.address, dialect))).toBe('passed')
    expect(server.heard.at(-1)).toMatch(/"key":"k-[xyz]{5}"/)
    expect(server.heard.at(-1)).toMatch(/\[1,[1-9]\d{14}\]/)
  })
})

describe('frames', () => {
  /** Answers each message under its own number, in the frames that the test describes. */
  const echo = (read: (text: string) => string[], write: (messages: string[]) => string | Buffer) =>
    serve({
      said({socket}, _, text) {
        socket.send(write(['{"type":"noise"}', ...read(text)]))
      },
    })
  const roundTrip = {kind: 'reply', send: {json: {id: '{id}'}}, expect: {where: {'$.id': '{id}'}}}
  const framed = (frames: object) => ({transport: {kind: 'ws', frames}, roundTrip})

  test.each([
    [
      'messages in an array of JSON strings after a letter, as SockJS has them',
      {array: true, string: true, prefix: {receive: 'a'}},
      framing(
        (text: string) => JSON.parse(text) as string[],
        (all) => `a${JSON.stringify(all)}`,
      ),
    ],
    [
      'messages that end with a separator, several in a frame, as SignalR has them',
      {separator: '\u001e'},
      framing(
        (text: string) => text.split('\u001e').slice(0, -1),
        (all) => `${all.join('\u001e')}\u001e`,
      ),
    ],
    [
      'an array of messages',
      {array: true},
      framing(
        (text: string) => (JSON.parse(text) as object[]).map((one) => JSON.stringify(one)),
        (all) => `[${all.join(',')}]`,
      ),
    ],
    [
      'a JSON string',
      {string: true},
      framing(
        (text: string) => [JSON.parse(text) as string],
        (all) => JSON.stringify(all.at(-1)),
      ),
    ],
    [
      'a prefix before JSON',
      {prefix: 'msg:'},
      framing(
        (text: string) => [text.replace(/^msg:/, '')],
        (all) => `msg:${all.at(-1) ?? ''}`,
      ),
    ],
    [
      'text in binary frames',
      {binary: true},
      framing(
        (text: string) => [text],
        (all) => Buffer.from(all.at(-1) ?? ''),
      ),
    ],
  ])('hold %s', async (_, frames, {read, write}) => {
    const server = await echo(read, write)
    const result = await attempt(server.address, framed(frames))
    expect(failureOf(result)).toBe('passed')
    expect(valuesOf(result, 'signaling_rtt')).toEqual([expect.any(Number), expect.any(Number)])
  })

  test('hold text that is answered by pattern', async () => {
    const server = await serve({
      said: ({socket}, _, text) => socket.send(`ok: ${text.toUpperCase()} #${text.slice(5)}`),
    })
    const byText = {kind: 'reply', send: {text: 'PING {id}'}, expect: {matches: {$: '^ok: PING .*'}, where: {}}}
    const open = [{send: {text: 'PING me'}}, {expect: {matches: {$: '#(?P<who>\\w+)$'}}}, {send: {text: 'HI {who}'}}]
    expect(failureOf(await attempt(server.address, {...ws, open, roundTrip: byText}))).toBe('passed')
    expect(server.heard).toContain('HI me')
  })

  test('of bytes are beyond a dialect: the failure says so, and handshake and ping frames are left', async () => {
    const server = await serve({joined: ({socket}) => socket.send(Buffer.of(0x83, 0xff, 0xfe))})
    const spoken = await attempt(
      server.address,
      {...framed({}), open: [{expect: {has: ['$.hello']}}]},
      {stepTimeout: 1000},
    )
    expect(failureOf(spoken)).toMatchObject({
      message: expect.stringContaining('got bytes that are no text (base64 g//+)') as unknown,
      hint: expect.stringContaining('roundTrip: {kind: ping}') as unknown,
    })
    const pinged = await attempt(server.address, {...ws, ...ping})
    expect(failureOf(pinged)).toBe('passed')
    expect(pinged.facts).toMatchObject({spoken: 'the handshake and ping frames, no messages'})
  })
})

/** Both directions of a framing. */
function framing(
  read: (text: string) => string[],
  write: (messages: string[]) => string | Buffer,
): {read: typeof read; write: typeof write} {
  return {read, write}
}

describe('heartbeats', () => {
  test('go out at the pace that the server tells, repeat its value, and are no events', async () => {
    const beats: string[] = []
    const server = await serve({
      joined({say, socket}) {
        say({op: 'hello', interval: 0.02})
        let n = 0
        const timer = setInterval(() => say({op: 'are you there', n: n++}), 15)
        socket.on('close', () => clearInterval(timer))
      },
      said({say}, {op, id, n}) {
        if (op === 'echo') say({op, id} as never)
        else beats.push(`${text(op)} ${text(n)}`)
      },
    })
    const dialect = {
      ...ws,
      open: [{expect: {where: {'$.op': 'hello'}, take: {interval: '$.interval'}}}],
      heartbeats: [
        {every: '{interval}', unit: 's', send: {json: {op: 'beat', n: '{side}'}}},
        {on: {where: {'$.op': 'are you there'}, take: {asked: '$.n'}}, send: {json: {op: 'here', n: '{asked}'}}},
      ],
      roundTrip: {kind: 'reply', send: {json: {op: 'echo', id: '{id}'}}, expect: {where: {'$.id': '{id}'}}},
    }
    const result = await attempt(server.address, dialect, {count: 10, interval: 20})
    expect(failureOf(result)).toBe('passed')
    expect(beats).toEqual(expect.arrayContaining(['beat a', 'here 0', 'here 1']))
    expect(result.events.filter(({indicator}) => indicator === 'operation')).toHaveLength(11)
  })

  test('that answer each other are ended, and said to be the mistake of the dialect', async () => {
    const server = await serve({said: ({say}, message) => say(message)})
    const dialect = {
      ...ws,
      ...ping,
      open: [{send: {json: {op: 'x'}}}, {expect: {where: {'$.op': 'never'}}, name: 'never'}],
      heartbeats: [{on: {where: {'$.op': 'x'}}, send: {json: {op: 'x'}}}],
    }
    const failure = failureOf(await attempt(server.address, dialect))
    // On a machine that is too slow for a flood the step that waits is out of time.
    expect(failure).toMatchObject({phase: 'open', message: expect.stringMatching(/heartbeats|"never"/) as unknown})
  })
})

describe('two clients find each other', () => {
  test('by an id in a list that is asked for again and again', async () => {
    const names: string[] = []
    const server = await serve({
      said(guest, message) {
        if (message.type === 'hi') names.push(text(message.nick))
        else if (message.type === 'who') guest.say({users: names.map((nick, index) => ({nick, address: `a${index}`}))})
        else relay(guest, message)
      },
    })
    const dialect = {
      ...ws,
      ids: {nick: {}},
      match: {
        join: [
          {send: {json: {type: 'hi', nick: '{nick}'}}},
          {
            send: {json: {type: 'who'}},
            every: '20ms',
            until: {among: {path: '$.users', where: {'$.nick': '{other.nick}'}, take: {peer: '$.address'}}},
          },
        ],
      },
      roundTrip: {
        kind: 'relay',
        send: {json: {type: 'n', to: '{peer}', id: '{id}'}},
        expect: {where: {'$.id': '{id}'}, matches: {'$.to': '^a[01]$'}},
      },
    }
    const result = await attempt(server.address, dialect)
    expect(failureOf(result)).toBe('passed')
    expect(valuesOf(result, 'match_latency')).toEqual([expect.any(Number)])
  })

  test("by a count, by the second one's join, and with the barrier of a ping frame", async () => {
    const order: string[] = []
    const server = await serve({
      said(guest, message) {
        if (message.type !== 'join') {
          relay(guest, message)
          return
        }
        order.push(text(message.side))
        for (const {say} of guest.guests) say({type: 'room', count: order.length})
        guest.tell({type: 'joined', side: message.side ?? null})
      },
    })
    const join = [
      {send: {json: {type: 'join', side: '{side}'}}, only: 'a'},
      {ping: true, only: 'a'},
      {meet: 'first'},
      {pause: '10ms', only: 'b'},
      {send: {json: {type: 'join', side: '{side}'}}, only: 'b'},
      {expect: {where: {'$.type': 'joined', '$.side': 'b'}}, only: 'a'},
    ]
    const matched = {least: {'$.count': 2}}
    expect(failureOf(await attempt(server.address, {...ws, match: {join, matched}, ...relayed}))).toBe('passed')
    expect(order).toEqual(['a', 'b'])
  })

  test('by nothing but a room, where everybody hears everything, the sender included', async () => {
    const offers: unknown[] = []
    const server = await serve({
      said({guests}, message) {
        if (message.type === 'offer') offers.push(message.sdp)
        for (const {say} of guests) say(message)
      },
    })
    const described = (type: string) => ({
      send: {json: {type, sdp: '{sdp}'}},
      expect: {where: {'$.type': type}, take: {remote_sdp: '$.sdp'}},
    })
    const candidate = {
      send: {json: {candidate: '{candidate}'}},
      expect: {take: {remote_candidate: '$.candidate'}},
    }
    const dialect = {
      transport: {kind: 'ws', query: {room: '{room}'}},
      ids: {room: {shared: true}},
      ignoreOwn: true,
      match: {isolation: 'room'},
      handover: {offerer: 'b', offer: described('offer'), answer: described('answer'), candidate},
      ...relayed,
    }
    const result = await attempt(server.address, dialect)
    expect(failureOf(result)).toBe('passed')
    expect(valuesOf(result, 'match_latency')).toEqual([])
    expect(valuesOf(result, 'offer_answer')).toEqual([expect.any(Number)])
    expect(offers).toEqual([expect.stringContaining('a=setup:actpass')])
  })
})

describe('a hand-over', () => {
  const described = (type: string) => ({
    send: {json: {type, sdp: '{sdp}'}},
    expect: {where: {'$.type': type}, take: {remote_sdp: '$.sdp'}},
  })
  const handover = {offer: described('offer'), answer: described('answer')}

  test('is made by whom the server names, of descriptions that it rewrites, and acknowledged to the other side', async () => {
    const log: string[] = []
    const server = await serve({
      joined: ({guests}) => {
        if (guests.length === 2) guests.forEach((guest, index) => guest.say({role: index === 1 ? 'caller' : 'callee'}))
      },
      said(guest, message) {
        log.push(text(message.type))
        const sdp = typeof message.sdp === 'string' ? {sdp: message.sdp.replace('s=-', 's=rewritten')} : {}
        relay(guest, {...message, ...sdp})
      },
    })
    const dialect = {
      ...ws,
      match: {matched: {take: {role: '$.role'}}},
      handover: {
        offerer: {value: '{role}', equals: 'caller'},
        offer: {
          ...handover.offer,
          sent: [{expect: {where: {'$.type': 'got the offer'}}}],
          received: [{send: {json: {type: 'got the offer'}}}],
        },
        answer: handover.answer,
      },
      ...relayed,
    }
    expect(failureOf(await attempt(server.address, dialect))).toBe('passed')
    expect(log.slice(0, 3)).toEqual(['offer', 'got the offer', 'answer'])
  })

  test.each([false, true])('ends at a server that is an ICE peer itself; it offers: %s', async (serverOffers) => {
    const peers: RTCPeerConnection[] = []
    closing({close: () => Promise.all(peers.map((peer) => peer.close()))})
    const seen: string[] = []
    const newPeer = () => {
      const peer = new RTCPeerConnection({iceServers: []})
      peers.push(peer)
      return peer
    }
    const server = await serve({
      async joined({say}) {
        if (!serverOffers) return
        const peer = newPeer()
        peer.addTransceiver('audio')
        const {sdp} = await peer.createOffer()
        say({type: 'offer', sdp})
      },
      async said({say}, {type, sdp}) {
        seen.push(text(type))
        if (type === 'ping') say({type: 'pong'})
        if (type !== 'offer') return
        const peer = newPeer()
        await peer.setRemoteDescription({type: 'offer', sdp: text(sdp)})
        say({type: 'answer', sdp: (await peer.createAnswer()).sdp})
      },
    })
    const {offer, answer} = handover
    const dialect = {
      ...ws,
      handover: {
        with: 'server',
        ...(serverOffers && {offerer: 'server'}),
        offer: serverOffers ? {expect: offer.expect} : {send: offer.send},
        answer: serverOffers ? {send: answer.send} : {expect: answer.expect},
        candidate: {send: {json: {type: 'candidate', candidate: '{candidate}'}}, end: {json: {type: 'end'}}},
      },
      roundTrip: {kind: 'reply', send: {json: {type: 'ping'}}, expect: {where: {'$.type': 'pong'}}},
    }
    const result = await attempt(server.address, dialect)
    expect(failureOf(result)).toBe('passed')
    expect(seen.slice(0, 2)).toEqual([serverOffers ? 'answer' : 'offer', 'candidate'])
    expect(valuesOf(result, 'offer_answer')).toHaveLength(serverOffers ? 0 : 1)
  })

  test.each([
    ['absent', 'peer_absent', 'client A: the server said that the other client is not there: "b is gone"'],
    ['refused', 'peer_refused', 'client A: the server said that the other client refused: "b is gone"'],
    ['expired', 'offer_expired', 'client A: the server said that it expired: "b is gone"'],
    ['queued', 'peer_queued', /^client A: the server put it into a queue: "b is gone"; client B expected/],
  ])('that does not come about: %s', async (means, code, message) => {
    const server = await serve({said: ({say}, {type}) => type === 'offer' && say({type: means, text: 'b is gone'})})
    const errors = ['absent', 'refused', 'expired', 'queued'].map((one) => ({
      where: {'$.type': one},
      take: {text: '$.text'},
      text: '{text}',
      means: one,
    }))
    const result = await attempt(server.address, {...ws, handover, errors, ...relayed}, {stepTimeout: 1500})
    expect(failureOf(result)).toMatchObject({
      code,
      phase: 'offer',
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    })
  })
})

describe('the end', () => {
  test.each([
    [{code: 4001, reason: 'bye'}, '4001 bye'],
    [{}, '1000 '],
  ])('is the close frame that the protocol asks for: %j', async (close, said) => {
    const server = await serve({})
    await attempt(server.address, {...ws, ...ping, close})
    await expect.poll(() => server.closes).toEqual([said])
  })

  test('is the server’s to say where the protocol has it so', async () => {
    const server = await serve({said: ({socket}, {type}) => type === 'bye' && socket.close(3000, 'as you wish')})
    const dialect = {...ws, ...ping, leave: [{send: {json: {type: 'bye'}}}], close: {by: 'server', code: 4999}}
    expect(failureOf(await attempt(server.address, dialect))).toBe('passed')
    await expect.poll(() => server.closes).toEqual(['3000 as you wish'])
  })

  test('of a wait for what nobody sends is the deadline, with the name of the step', async () => {
    const server = await serve({said: ({say}) => say({type: 'no'})})
    const dialect = {
      ...ws,
      ...ping,
      open: [{send: {json: {type: 'again'}}, every: '10ms', until: {where: {'$.type': 'yes'}}, name: 'permission'}],
    }
    const result = await attemptOn(probes.signaling, {
      address: server.address,
      options: {dialect, stepTimeout: 60_000},
      timeoutMs: 1500,
    })
    expect(failureOf(result)).toMatchObject({
      code: 'expectation_unmet',
      message: expect.stringMatching(/^client A expected "permission" within .*\{"type":"no"\}/) as unknown,
    })
  })
})

test('nothing is ever sent that the dialect does not say', async () => {
  const server = await serve({joined: ({say}) => say({type: 'hello'})})
  expect(failureOf(await attempt(server.address, {...ws, ...ping}))).toBe('passed')
  expect(server.heard).toEqual([])
  const silent = {...ws, ...ping, open: [{expect: {where: {'$.type': 'hello'}}}, {set: {mine: 'of {side}'}}]}
  expect(failureOf(await attempt(server.address, silent))).toBe('passed')
  expect(server.heard).toEqual([])
})
