import { awsRegions } from './aws-regions.ts';
import { didYouMean } from './did-you-mean.ts';

/** As AWS calls its regions, of which it opens new ones: a continent or country, a direction, a number. */
export const regionForm =
  /^[a-z]{2,4}(-[a-z]{2,5})?-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d{1,2}$/;

/** What was expected in place of text that is no region, and which one was probably meant. */
export function expectedRegion(found: string): string {
  const likely = didYouMean(found, awsRegions);
  const expected = 'expected a region of AWS like eu-west-1';
  return likely === undefined ? expected : `${expected} (did you mean ${likely}?)`;
}
