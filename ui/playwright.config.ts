import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/support/setup.ts',
  outputDir: '../target/e2e',
  preserveOutput: 'failures-only',
  reporter: 'list',
  // Each test has an office of its own, so any two may run at once and any one alone.
  fullyParallel: true,
  workers: 2,
  // A test that fails now and then is a fault, of the test or of the page.
  retries: 0,
  forbidOnly: !!process.env.CI,
  // Long enough for a busy machine; whoever waits goes on as soon as what is waited for is there.
  timeout: 300_000,
  expect: { timeout: 45_000 },
  use: {
    actionTimeout: 45_000,
    navigationTimeout: 45_000,
    locale: 'zh-CN',
    viewport: { width: 1366, height: 768 },
    // An office host makes its certificate itself.
    ignoreHTTPSErrors: true,
    screenshot: 'only-on-failure',
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    launchOptions: {
      // The system's Chromium, which is also WebView2's engine; none is downloaded.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
