// The one file that knows the host: the Tauri window, or the loopback host over HTTP.
import type { Commands } from './generated/api'
import { language } from './words'

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
  return new HostError(String(o.code ?? 'internal'), (o.params ?? {}) as Record<string, unknown>, message)
}

const inWindow = '__TAURI_INTERNALS__' in window

export async function call<N extends keyof Commands>(name: N, payload: Commands[N]['request']): Promise<Commands[N]['response']> {
  try {
    if (inWindow) {
      const { invoke } = await import('@tauri-apps/api/core')
      return await invoke('call', { name, payload, lang: language() })
    }
    const response = await fetch(`/call/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': language() },
      body: JSON.stringify(payload),
    })
    const body = await response.json()
    if (!response.ok) throw toHostError(body)
    return body
  } catch (e) {
    throw toHostError(e)
  }
}

function blobOf(base64: string, type: string): Blob {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  return new Blob([bytes], { type })
}

/** Opens a PDF with the system's viewer, from where it is printed. */
export async function openPdf(name: string, pdf: string): Promise<void> {
  if (inWindow) {
    const { invoke } = await import('@tauri-apps/api/core')
    await invoke('open_pdf', { name, pdf, lang: language() })
    return
  }
  window.open(URL.createObjectURL(blobOf(pdf, 'application/pdf')), '_blank')
}

/** Saves bytes where the person says. */
export async function saveFile(name: string, bytes: string): Promise<void> {
  if (inWindow) {
    const { invoke } = await import('@tauri-apps/api/core')
    await invoke('save_file', { name, bytes })
    return
  }
  const a = document.createElement('a')
  a.href = URL.createObjectURL(blobOf(bytes, 'application/octet-stream'))
  a.download = name
  a.click()
}
