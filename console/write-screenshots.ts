import { statSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startDemonstration } from './demonstration.ts';

const mostBytes = 200_000;

interface Screenshot {
  readonly file: string;
  readonly options: BrowserContextOptions;
  /** What is done on the page before the picture is taken. */
  arrange(page: Page): Promise<void>;
}

const screenshots: readonly Screenshot[] = [
  {
    file: 'docs/console.png',
    options: { viewport: { width: 1200, height: 1000 }, colorScheme: 'light' },
    arrange: scrollToBusiness,
  },
  {
    file: 'docs/console-why.png',
    options: { viewport: { width: 1200, height: 620 }, colorScheme: 'dark' },
    arrange: hoverOverTheSecondStep,
  },
  {
    file: 'docs/console-zh.png',
    options: { viewport: { width: 1200, height: 620 }, colorScheme: 'light', locale: 'zh-CN' },
    arrange: hoverOverTheSecondStep,
  },
  {
    file: 'docs/console-ko.png',
    options: { viewport: { width: 1200, height: 620 }, colorScheme: 'light', locale: 'ko-KR' },
    arrange: hoverOverTheSecondStep,
  },
  {
    file: 'docs/console-phone.png',
    options: { viewport: { width: 360, height: 720 }, deviceScaleFactor: 2, colorScheme: 'light' },
    arrange: scrollToBusiness,
  },
];

async function scrollToBusiness(page: Page): Promise<void> {
  await page.evaluate('document.querySelector("[data-group=business]").scrollIntoView()');
}

async function hoverOverTheSecondStep(page: Page): Promise<void> {
  await scrollToBusiness(page);
  await page.locator('[data-group=business] .mark.out').nth(2).hover();
}

/** `npm run screenshots`: pictures of the console after the example fleet's day. */
async function main(): Promise<void> {
  const { browser, consoleUrl, close } = await startDemonstration();
  try {
    for (const { file, options, arrange } of screenshots) {
      const page = await browser.newPage({ locale: 'en-GB', ...options });
      await page.goto(consoleUrl);
      await page.locator('.day').nth(1).waitFor();
      await arrange(page);
      await page.screenshot({ path: file });
      const { size } = statSync(file);
      if (size > mostBytes) throw new Error(`${file} has ${size} bytes, more than ${mostBytes}`);
      console.log(`${file}, ${Math.round(size / 1000)} kB`);
    }
  } finally {
    await close();
  }
}

await main();
