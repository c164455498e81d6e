// The one file that knows the host: the Tauri window, or an office host over HTTP.
import { shallowRef } from 'vue'
import { GIVES, VERSION, type Commands, type Told } from './generated/api'
import { language, t } from './words'

/** A refusal as every door gives it: the sentence is already made. */
export class HostError extends Error {
  constructor(
    readonly code: string,
    readonly params: Record<string, unknown>,
    message: string,
  ) {
    super(message)
  }
}

/** Turns whatever a host rejects with into a HostError. */
export function toHostError(e: unknown): HostError {
  if (e instanceof HostError) return e
  const o = (typeof e === 'object' && e !== null ? e : {}) as Record<string, unknown>
  const message = typeof o.message === 'string' ? o.message : String(e)
  // What the page itself stumbled over speaks English, and says nothing of what to do.
  if (typeof o.code !== 'string') return new HostError('internal', {}, t('link.page', { detail: message }))
  return new HostError(o.code, (o.params ?? {}) as Record<string, unknown>, message)
}

/** The host did not answer, and nobody knows whether it did what it was asked. */
export const AWAY = 'host_away'
export const awayError = (words = t('link.host')) => new HostError(AWAY, {}, words)

export const inWindow = '__TAURI_INTERNALS__' in window

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

const PDF = 'application/pdf'
/** The media type by which a browser shows a file, or does not. */
const mediaOf = (name: string) =>
  GIVES[name] === 'pdf' || name === 'case.file' || name === 'procedure.describe'
    ? PDF
    : 'application/octet-stream'

/** The same bytes under another media type; none is copied. */
const typed = (file: Blob, type: string) => file.slice(0, file.size, type)

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

/** Hears notices until the answer is called; `cut` is told when the line to the host breaks. */
export function hear(heard: (told: Told) => void, cut: () => void): () => void {
  if (inWindow) {
    let ended = false
    void import('@tauri-apps/api/core').then(({ Channel, invoke }) => {
      const channel = new Channel<Told>()
      channel.onmessage = (told) => {
        if (!ended) heard(told)
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
  source.onmessage = (e) => heard(JSON.parse(e.data) as Told)
  source.onerror = () => {
    source.close()
    cut()
  }
  return () => source.close()
}

/** So long a viewer has to take what it is given, in milliseconds. */
const TAKING = 60_000

/** An address for bytes that are about to be opened or saved; afterwards the page need not hold them. */
function lent(blob: Blob): string {
  const url = URL.createObjectURL(blob)
  setTimeout(() => URL.revokeObjectURL(url), TAKING)
  return url
}

/** A paper that the browser did not let open by itself: it waits for a click. */
export const unopened = shallowRef<{ name: string; open: () => void } | null>(null)

function openBlob(name: string, blob: Blob): void {
  const opened = window.open(lent(blob), '_blank')
  unopened.value = opened ? null : { name, open: () => openBlob(name, blob) }
}

async function handOver(command: 'open_pdf' | 'save_file', name: string, file: Blob): Promise<void> {
  const { invoke } = await import('@tauri-apps/api/core')
  const headers = { 'redress-request': encodeURIComponent(JSON.stringify({ name, lang: language() })) }
  await invoke(command, new Uint8Array(await file.arrayBuffer()), { headers })
}

/** Opens a PDF with the system's viewer, from where it is printed. */
export async function openPdf(name: string, pdf: Blob): Promise<void> {
  if (inWindow) return await handOver('open_pdf', name, pdf)
  openBlob(name, typed(pdf, PDF))
}

/** Saves bytes where the person says. */
export async function saveFile(name: string, bytes: Blob): Promise<void> {
  if (inWindow) return await handOver('save_file', name, bytes)
  const a = document.createElement('a')
  // Whatever it is, it is saved and not shown.
  a.href = lent(typed(bytes, 'application/octet-stream'))
  a.download = name
  a.click()
}

/** A host that said on the local network that it is there. */
export interface Found {
  organisation: string
  address: string
  code: string
}
/** A host before it is trusted: its code is compared with the one that the host shows. */
export interface Offered {
  address: string
  code: string
}
/** Whether others are let in to this PC's folder. */
export interface Letting {
  on: boolean
  addresses: string[]
  code: string
}

async function shell<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  const { invoke } = await import('@tauri-apps/api/core')
  return await invoke<T>(command, { ...args, lang: language() }).catch((e) => Promise.reject(toHostError(e)))
}

/** What only the window can do: join a host, leave it, let others in, open an encrypted folder, choose a folder. */
export const shellCalls = {
  findHosts: () => shell<Found[]>('find_hosts'),
  showHost: (address: string) => shell<Offered>('show_host', { address }),
  joined: () => shell<{ address: string; code: string } | null>('joined'),
  join: (address: string, code: string) => shell<void>('join', { address, code }),
  leave: () => shell<void>('leave'),
  unlock: (phrase: string) => shell<void>('unlock', { phrase }),
  letting: () => shell<Letting | null>('letting'),
  chooseFolder: () => shell<string | null>('choose_folder'),
  letIn: (on: boolean) => shell<Letting>('let_in', { on }),
}
