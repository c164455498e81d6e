// Every test has an office of its own with its host, people who sign in to it, and fails at whatever a page throws or
// tries against the policy.
import { expect, request, test as base, type BrowserContext, type Page } from '@playwright/test'
import { cpSync } from 'node:fs'
import { resolve } from 'node:path'
import { enter, PASSWORD, screen } from './hands'
import { host, practice, redressctl, type Door, type Host } from './host'

/** The moment of the practice office, a Monday morning. */
export const AT = '2026-11-16T09:40:00+08:00'

/** What the tests of a file or a `describe` ask of their office, by `test.use`. */
interface Asked {
  /** The practice office, one that a story of `tests/stories` has told, or none yet. */
  office: 'practice' | 'none' | `story ${string}`
  /** The moment at which its clock stands. */
  at: string
  door: Door
}

interface Given {
  /** The office's host. */
  host: Host
  /** What a page threw or tried against the policy; anything left in it fails the test. */
  faults: string[]
  /** Another person's browser, nobody signed in. */
  browserOf: () => Promise<Page>
  /** Another person's browser with them at their desk. */
  signIn: (login: string) => Promise<Page>
  /** Keeps a picture for people who look, in `target/pictures`. */
  picture: (page: Page, name: string) => Promise<void>
  /** Takes 陈晓峰's complaint at the inspection station's counter and gives out its receipt; its number. */
  received: () => Promise<string>
}

function watch(context: BrowserContext, faults: string[]): void {
  context.on('weberror', (e) => faults.push(String(e.error())))
  context.on('console', (m) => {
    if (/Content.Security.Policy/i.test(m.text())) faults.push(m.text())
  })
}

export const test = base.extend<Asked & Given>({
  office: ['practice', { option: true }],
  at: [AT, { option: true }],
  door: ['loopback', { option: true }],

  host: async ({ office, at, door }, use, info) => {
    const data = info.outputPath('office')
    if (office === 'practice') cpSync(practice(), data, { recursive: true })
    else if (office !== 'none') {
      redressctl('story', data, resolve('../tests/stories', `${office.slice('story '.length)}.toml`))
    }
    // Only an office that is there can be told what time it is.
    const running = await host(door, data, office === 'none' ? null : at)
    await use(running)
    await running.kill()
  },

  baseURL: async ({ host }, use) => use(host.url),

  faults: [
    async ({}, use) => {
      const faults: string[] = []
      await use(faults)
      expect(faults, 'no page threw or tried anything against the policy').toEqual([])
    },
    { auto: true },
  ],

  context: async ({ context, faults }, use) => {
    watch(context, faults)
    await use(context)
  },

  browserOf: async ({ browser, baseURL, faults }, use) => {
    const contexts: BrowserContext[] = []
    await use(async () => {
      const context = await browser.newContext({ baseURL })
      contexts.push(context)
      watch(context, faults)
      return await context.newPage()
    })
    for (const context of contexts) await context.close()
  },

  signIn: async ({ browserOf }, use) => {
    await use(async (login) => {
      const page = await browserOf()
      await page.goto('/')
      await enter(page, login)
      await expect(screen(page, 'desk')).toBeVisible()
      return page
    })
  },

  picture: async ({}, use) => {
    await use(async (page, name) => {
      await page.screenshot({ path: resolve('../target/pictures', `${name}.png`) })
    })
  },

  received: async ({ host, at }, use) => {
    await use(async () => {
      const asked = await request.newContext({ baseURL: host.url })
      const done = async (way: string, data: object) => {
        const answer = await asked.post(way, { data })
        if (!answer.ok()) throw new Error(`${way}: ${await answer.text()}`)
        return answer
      }
      await done('/call/session.sign_in', { login: 'zhaomin', password: PASSWORD })
      const registered = await done('/call/case.register', {
        procedure: 'inspection-station',
        received_at: at,
        channel: 'phone',
        values: {
          'complaint.source': 'customer',
          'complainant.name': '陈晓峰',
          'complainant.phone': '139 0000 4321',
          'complaint.nature': 'service',
          'complaint.description': '窗口人员态度生硬，没有解释收费项目。',
          'complaint.demand': ['apologise'],
          'complaint.about_us': true,
          'immediate.measures': ['none'],
        },
      })
      const { number } = await registered.json()
      await done('/file/form.issue', {
        case: number,
        form: 'complaint-receipt',
        task: null,
        copies: [],
        seq: null,
      })
      await asked.dispose()
      return number
    })
  },
})

export { expect }
