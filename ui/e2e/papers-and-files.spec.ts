import type { Response, Route } from '@playwright/test'
import { action, field, held, tab } from './support/hands'
import { expect, test } from './support/test'

test('a file is kept as what it is, and only saved again', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  await page.goto('/#/case/TS-2026-0005')
  await tab(page, 'attachments').click()
  const give = (name: string, bytes: string) =>
    field(page, 'attachment').setInputFiles({
      name,
      mimeType: 'image/jpeg',
      buffer: Buffer.from(bytes, 'latin1'),
    })
  await give('photo.jpg', 'MZ\x90\0\x03\0\0\0')
  await expect(page.getByRole('alert')).toHaveText(/不能添加这种文件.*打印成 PDF/)
  await picture(page, 'attachment-refused')
  await give('rechnung.pdf.exe', '%PDF-1.7\n')
  await expect(page.getByText('rechnung.pdf.exe.pdf')).toBeVisible()
  const saved = page.waitForEvent('download')
  await action(page, 'attachment-save').click()
  expect((await saved).suggestedFilename()).toBe('rechnung.pdf.exe.pdf')
  expect(page.context().pages(), 'nothing was opened').toHaveLength(1)
})

test('the whole file of a case is one PDF', async ({ signIn }) => {
  const page = await signIn('zhaomin')
  await page.goto('/#/case/TS-2026-0001')
  const paper = page.waitForEvent('popup')
  await action(page, 'case-file').click()
  expect((await paper).url()).toMatch(/^blob:/)
})

test('a page that was laid late does not replace the one chosen since', async ({ signIn }) => {
  const page = await signIn('zhaomin')
  const late: Route[] = []
  const answered = (variant: string) => (r: Response) =>
    r.url().endsWith('/call/form.layout') && r.request().postDataJSON().variant === variant
  await page.route('**/call/form.layout', async (r) => {
    if (r.request().postDataJSON().variant === 'redacted') late.push(r)
    else await r.continue()
  })
  await page.goto('/#/case/TS-2026-0005')
  const sheet = page.locator('svg.page').first()
  await expect(sheet).toBeVisible()
  const filled = await sheet.innerHTML()
  await field(page, 'document.redacted').check()
  await expect.poll(() => late.length).toBe(1)
  const again = page.waitForResponse(answered('filled'))
  await field(page, 'document.redacted').uncheck()
  await again
  const redacted = page.waitForResponse(answered('redacted'))
  await late[0]?.continue()
  await (await redacted).finished()
  expect(await sheet.innerHTML()).toBe(filled)
})

test('a file on its way is shown', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  await page.goto('/#/case/TS-2026-0005')
  await tab(page, 'attachments').click()
  const sending = held()
  await page.route('**/file/attachment.add', async (r) => {
    await sending.until
    await r.continue()
  })
  const give = field(page, 'attachment')
  await give.setInputFiles({
    name: '大照片.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7\n'),
  })
  await expect(page.locator('[data-sending]').getByText('大照片.pdf')).toBeVisible()
  await expect(give).toBeDisabled()
  await picture(page, 'sending-file')
  sending.go()
  await expect(page.locator('[data-sending]')).toHaveCount(0)
  await expect(give).toHaveValue('')
})
