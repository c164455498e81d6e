import { action, screen } from './support/hands'
import { expect, test } from './support/test'

test('a summary is made', async ({ signIn, picture }) => {
  const page = await signIn('luoping')
  await page.goto('/#/reports')
  await page.locator('[data-choice="xlsx"]').click()
  await picture(page, 'reports')
  const file = page.waitForEvent('download')
  await action(page, 'report').click()
  expect((await file).suggestedFilename()).toBe('redress-week-2026-11-09-2026-11-15.xlsx')
})

test('the list of retention is empty, and out of the menu, while nothing waits', async ({
  signIn,
  picture,
}) => {
  const page = await signIn('luoping')
  await expect(page.locator('.nav [href="#/disposal"]')).toHaveCount(0)
  await page.goto('/#/disposal')
  await expect(page.getByText('没有保存期满的案卷')).toBeVisible()
  await picture(page, 'disposal-empty')
})

test.describe('at a car dealer', () => {
  test.use({ office: 'story car-dealer', at: '2026-12-28T09:00:00+08:00' })

  test('a report that is owed stands on the desk until it is made', async ({ signIn, picture }) => {
    const page = await signIn('gz_lixin')
    const owed = page.locator('[data-duty="car-dealer/weekly"]')
    await expect(owed.first()).toBeVisible()
    await picture(page, 'desk-owed')
    const before = await owed.count()
    await owed.first().click()
    await expect(screen(page, 'reports')).toBeVisible()
    const file = page.waitForEvent('popup')
    await action(page, 'report').click()
    expect((await file).url()).toMatch(/^blob:/)
    await expect(page.getByRole('status')).toBeVisible()
    await picture(page, 'report-made')
    await page.goto('/#/')
    await expect(screen(page, 'desk')).toBeVisible()
    await expect(owed).toHaveCount(before - 1)
  })
})
