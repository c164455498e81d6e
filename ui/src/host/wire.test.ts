import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const invoke = vi.fn()
vi.mock('@tauri-apps/api/core', () => ({ invoke }))

/** What jsdom's files lack, as every browser has it. */
function asBytes(this: Blob): Promise<ArrayBuffer> {
  return new Promise((done) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result as ArrayBuffer)
    reader.readAsArrayBuffer(this)
  })
}
Blob.prototype.arrayBuffer = asBytes
Blob.prototype.text = async function text(this: Blob) {
  return new TextDecoder().decode(await asBytes.call(this))
}

/** The page of a window, or of a browser. */
async function host(window_: boolean) {
  vi.resetModules()
  if (window_) Object.assign(window, { __TAURI_INTERNALS__: {} })
  else Reflect.deleteProperty(window, '__TAURI_INTERNALS__')
  return { ...(await import('./errors')), ...(await import('./wire')), ...(await import('./files')) }
}
beforeEach(() => {
  invoke.mockReset()
  URL.createObjectURL = vi.fn(() => 'blob:1')
  URL.revokeObjectURL = vi.fn()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('a call that is answered does not listen any more, and one that is cut off ends', async () => {
  const { AWAY, send } = await host(true)
  const cutting = new AbortController()
  const [add, remove] = [
    vi.spyOn(cutting.signal, 'addEventListener'),
    vi.spyOn(cutting.signal, 'removeEventListener'),
  ]
  invoke
    .mockResolvedValueOnce('answer')
    .mockRejectedValueOnce({ code: 'changed', message: '改动' })
    .mockReturnValueOnce(new Promise(() => undefined))
  expect(await send('session.state', {}, 'k', cutting.signal)).toBe('answer')
  await expect(send('session.state', {}, 'k', cutting.signal)).rejects.toMatchObject({ code: 'changed' })
  expect(add.mock.calls.length).toBe(2)
  expect(remove.mock.calls.map((c) => c[1])).toEqual(add.mock.calls.map((c) => c[1]))
  const hanging = send('session.state', {}, 'k', cutting.signal)
  await vi.waitFor(() => expect(add.mock.calls.length).toBe(3))
  cutting.abort()
  await expect(hanging).rejects.toMatchObject({ code: AWAY })
})

test('a paper that the browser does not open waits for a click, and its address ends', async () => {
  const { openPdf, unopened } = await host(false)
  vi.useFakeTimers()
  const open = vi.spyOn(window, 'open').mockReturnValueOnce(null).mockReturnValue(window)
  await openPdf('TS-1.pdf', new Blob(['x']))
  expect(unopened.value?.name).toBe('TS-1.pdf')
  unopened.value?.open()
  expect([open.mock.calls.length, unopened.value]).toEqual([2, null])
  vi.advanceTimersByTime(60_000)
  expect(URL.revokeObjectURL).toHaveBeenCalledTimes(2)
})

test('what the page itself stumbles over is said in our words', async () => {
  const { toHostError } = await host(false)
  expect(
    toHostError(new DOMException('A requested file could not be read', 'NotReadableError')).message,
  ).toMatch(/没有做成（A requested.*请重试/)
  expect(toHostError({ code: 'changed', params: {}, message: '改动' }).message).toBe('改动')
})

test('a file goes to the host and comes from it as bytes, with the rest beside it', async () => {
  const { send } = await host(false)
  const answers = [
    new Response('{"id":"a1"}'),
    new Response('%PDF-1', {
      headers: { 'redress-answer': encodeURIComponent('{"name":"案卷.pdf","bytes":null}') },
    }),
    new Response('{"code":"role_missing","params":{},"message":"不能"}', { status: 422 }),
  ]
  const fetched = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(() => Promise.resolve(answers.shift() as Response))
  const file = new File(['内容'], '报告.pdf')
  const signal = new AbortController().signal
  await send('attachment.add', { case: 'c', name: file.name, kind: 'material', bytes: file }, 'k', signal)
  const [path, request] = fetched.mock.calls[0] as [string, RequestInit & { headers: Record<string, string> }]
  expect([path, request.body, request.headers['content-type']]).toEqual([
    '/file/attachment.add',
    file,
    'application/octet-stream',
  ])
  expect(JSON.parse(decodeURIComponent(request.headers['redress-request'] ?? ''))).toEqual({
    case: 'c',
    name: '报告.pdf',
    kind: 'material',
  })
  const got = await send('case.file', { case: 'c' } as never, 'k', signal)
  expect([got.name, await got.bytes.text(), got.bytes.type]).toEqual([
    '案卷.pdf',
    '%PDF-1',
    'application/pdf',
  ])
  expect(fetched.mock.calls[1]?.[0]).toBe('/file/case.file')
  await expect(send('case.file', { case: 'c' } as never, 'k', signal)).rejects.toMatchObject({
    code: 'role_missing',
  })
})

test('a window hands bytes over as bytes, and unpacks what it gets', async () => {
  const { saveFile, send } = await host(true)
  const json = new TextEncoder().encode('{"name":"附件.txt","content_type":"text/plain","bytes":null}')
  const packed = new Uint8Array(4 + json.length + 2)
  new DataView(packed.buffer).setUint32(0, json.length)
  packed.set(json, 4)
  packed.set([104, 105], 4 + json.length)
  invoke.mockResolvedValueOnce(packed.buffer).mockResolvedValueOnce(undefined)
  const got = await send('attachment.get', { id: 'a' }, 'k', new AbortController().signal)
  expect([got.name, await got.bytes.text()]).toEqual(['附件.txt', 'hi'])
  expect(invoke.mock.calls[0]?.[2].headers).toMatchObject({
    'redress-command': 'attachment.get',
    'idempotency-key': 'k',
  })
  await saveFile(got.name, got.bytes)
  const [command, bytes, options] = invoke.mock.calls[1] ?? []
  expect([
    command,
    [...(bytes as Uint8Array)],
    JSON.parse(decodeURIComponent(options.headers['redress-request'])).name,
  ]).toEqual(['save_file', [104, 105], '附件.txt'])
})
