// What a person does on a page, whatever the page.
import { expect, type Locator, type Page } from '@playwright/test'

/** The password of everybody in a practice office. */
export const PASSWORD = 'Redress-2026'

type Within = Page | Locator

export const field = (within: Within, id: string) => within.locator(`[data-field="${id}"]`)
export const action = (within: Within, id: string) => within.locator(`[data-action="${id}"]`)
export const screen = (page: Page, id: string) => page.locator(`[data-screen="${id}"]`)
export const tab = (page: Page, id: string) => page.locator(`[data-tab="${id}"]`)

export const choose = (within: Within, id: string, choice: string) =>
  field(within, id).locator(`[data-choice="${choice}"]`).click()

/** Chooses one of many by typing a part of its title, as a clerk does. */
export async function seek(within: Within, id: string, title: string): Promise<void> {
  const box = field(within, id).getByRole('combobox')
  await box.fill(title)
  await box.press('Enter')
  await expect(field(within, id).getByText(title)).toBeVisible()
}

/** Signs in where the page asks for it. */
export async function enter(page: Page, login: string, password = PASSWORD): Promise<void> {
  await field(page, 'login').fill(login)
  await field(page, 'password').fill(password)
  await action(page, 'sign-in').click()
}

/** A promise that is kept when `go` is called: what is held back until something was seen. */
export function held(): { until: Promise<void>; go: () => void } {
  let go = () => {}
  const until = new Promise<void>((done) => (go = done))
  return { until, go }
}

/** What is said at the counter. */
export interface Complaint {
  channel: string
  nature?: string
  name: string
  words: string
  demand: string
}

/** Fills in a complaint, about service where nothing else is said, as far as registering asks for it. */
export async function fillIn(page: Page, said: Complaint): Promise<void> {
  await choose(page, 'channel', said.channel)
  await choose(page, 'complaint.source', 'customer')
  await field(page, 'complainant.name').fill(said.name)
  await choose(page, 'complaint.nature', said.nature ?? 'service')
  await field(page, 'complaint.description').fill(said.words)
  await choose(page, 'complaint.demand', said.demand)
  await choose(page, 'complaint.about_us', 'yes')
  await choose(page, 'immediate.measures', 'none')
}
