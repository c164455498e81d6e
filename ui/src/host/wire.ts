// The one file that speaks with the host: the Tauri window's, or an office host over HTTP.
import { GIVES, VERSION, type Commands, type Told } from '@/generated/api'
import { language } from '@/words/i18n'
import { awayError, toHostError } from './errors'
import { PDF, typed } from './media'
import { inWindow } from './window'

/** A request and the file that goes beside it: bytes are never made text. */
function apart(payload: object): { said: string; file: Blob | null } {
  let file: Blob | null = null
  const said = JSON.stringify(payload, (_, value: unknown) => {
    if (!(value instanceof Blob)) return value
    file = value
    return undefined
  })
  return { said, file }
}

/** The answer with its file where its type says. */
function whole<T>(name: string, answer: T, file: Blob): T {
  const field = GIVES[name]
  return field ? { ...answer, [field]: file } : answer
}

/** The media type by which a browser shows a file, or does not. */
const mediaOf = (name: string) =>
  GIVES[name] === 'pdf' || name === 'case.file' || name === 'procedure.describe'
    ? PDF
    : 'application/octet-stream'

/** A window's answer: the length of its JSON, the JSON, the file. */
function unpack<T>(name: string, packed: ArrayBuffer): T {
  const length = new DataView(packed).getUint32(0)
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(packed, 4, length))) as T
  return whole(name, answer, new Blob([packed.slice(4 + length)], { type: mediaOf(name) }))
}

async function invoked<N extends keyof Commands>(
  name: N,
  payload: Commands[N]['request'],
  key: string,
): Promise<Commands[N]['response']> {
  const { invoke } = await import('@tauri-apps/api/core')
  const { said, file } = apart(payload)
  if (!file && !GIVES[name]) return await invoke('call', { name, payload, lang: language(), key })
  const headers = {
    'redress-command': name,
    'redress-request': encodeURIComponent(said),
    'idempotency-key': key,
    'accept-language': language(),
  }
  const answer = await invoke<ArrayBuffer>(
    'file',
    new Uint8Array((await (file as Blob | null)?.arrayBuffer()) ?? []),
    { headers },
  )
  return unpack(name, answer)
}

/** Sends a command once. Sent again with the same key, the host does it once all the same. */
export async function send<N extends keyof Commands>(
  name: N,
  payload: Commands[N]['request'],
  key: string,
  signal: AbortSignal,
): Promise<Commands[N]['response']> {
  if (inWindow) {
    let cutOff = () => {}
    const cut = new Promise<never>((_, reject) => (cutOff = () => reject(awayError())))
    signal.addEventListener('abort', cutOff)
    try {
      return await Promise.race([invoked(name, payload, key), cut])
    } catch (e) {
      throw toHostError(e)
    } finally {
      // The signal outlives the call by hours: what still listens keeps the answer.
      signal.removeEventListener('abort', cutOff)
    }
  }
  const { said, file } = apart(payload)
  const way = file || GIVES[name] ? 'file' : 'call'
  const brings: Record<string, string> = file
    ? { 'content-type': 'application/octet-stream', 'redress-request': encodeURIComponent(said) }
    : { 'content-type': 'application/json' }
  const headers = {
    ...brings,
    'accept-language': language(),
    'idempotency-key': key,
    'redress-commands': String(VERSION),
  }
  const response = await fetch(`/${way}/${name}`, {
    method: 'POST',
    headers,
    body: file ?? said,
    signal,
  }).catch(() => Promise.reject(awayError()))
  const beside = response.headers.get('redress-answer')
  if (response.ok && beside) {
    const bytes = await response.blob().catch(() => Promise.reject(awayError()))
    return whole(name, JSON.parse(decodeURIComponent(beside)), typed(bytes, mediaOf(name)))
  }
  // Whatever answers without our words is something between us and the host.
  const body = await response.json().catch(() => Promise.reject(awayError()))
  if (!response.ok) throw toHostError(body)
  return body
}

/** What a damaged office says to whoever would write. */
const DAMAGED = 'damaged_read_only'

/** Whether the host answers; if not, why, where more is known than that it does not. */
export async function reachable(): Promise<true | string> {
  if (inWindow) {
    const { invoke } = await import('@tauri-apps/api/core')
    return await invoke<boolean>('reachable', { lang: language() }).then(
      (there) => there || '',
      (e) => toHostError(e).message,
    )
  }
  const headers = { 'accept-language': language() }
  const answer = await fetch('/health', { headers, signal: AbortSignal.timeout(5_000) }).catch(() => null)
  if (answer?.ok === true) return true
  const said = await answer?.json().catch(() => null)
  // A damaged office is there and is read; no waiting makes it whole.
  if (said?.code === DAMAGED) return true
  const why: unknown = said?.message
  return typeof why === 'string' ? why : ''
}

/** Hears notices until the answer is called; `cut` is called when the line to the host breaks. */
export function listen(onNotice: (notice: Told) => void, cut: () => void): () => void {
  if (inWindow) {
    let ended = false
    void import('@tauri-apps/api/core').then(({ Channel, invoke }) => {
      const channel = new Channel<Told>()
      channel.onmessage = (notice) => {
        if (!ended) onNotice(notice)
      }
      void invoke('listen', { channel }).then(
        () => !ended && cut(),
        () => !ended && cut(),
      )
    })
    return () => {
      ended = true
    }
  }
  const source = new EventSource('/told')
  source.onmessage = (e) => onNotice(JSON.parse(e.data) as Told)
  source.onerror = () => {
    source.close()
    cut()
  }
  return () => source.close()
}
