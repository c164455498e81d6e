import { onlineManager } from '@tanstack/vue-query'
import { expect, test } from 'vitest'
import { queryClient } from './client'

test('a PC without a network reads its own folder', async () => {
  onlineManager.setOnline(false)
  try {
    const read = queryClient.fetchQuery({ queryKey: ['x'], queryFn: () => Promise.resolve('read') })
    expect(await Promise.race([read, new Promise((done) => setTimeout(done, 0, 'waits'))])).toBe('read')
  } finally {
    onlineManager.setOnline(true)
  }
})
