import type { Fleet } from '../fleet/fleet.ts';
import type { Catalogue } from '../sentences/catalogue.ts';
import { english } from '../sentences/en.ts';

/** The words of mail. Those of another language than English lie beside the functions of those fleets only. */
export async function mailCatalogue({ notify }: Pick<Fleet, 'notify'>): Promise<Catalogue> {
  switch (notify.language) {
    case 'zh':
      return (await import('#words-zh')).chinese;
    case 'ko':
      return (await import('#words-ko')).korean;
    default:
      return english;
  }
}
