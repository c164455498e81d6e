import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  base: './',
  build: { target: ['safari16', 'chrome111'], chunkSizeWarningLimit: 700 },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
})
