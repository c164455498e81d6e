// Papers that are opened and files that are saved: by the window, or by the browser.
import { shallowRef } from 'vue'
import { language } from '@/words/i18n'
import { PDF, typed } from './media'
import { inWindow } from './window'

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
