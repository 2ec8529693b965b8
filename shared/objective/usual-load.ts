/** What is usual: at the minute that is forecast, relative to the last minutes, and all week. */
export interface UsualLoad {
  /** Mean of the last 5 and 60 minutes, carried to the forecast minute by the season; the plain means without one. */
  mean5: number;
  mean60: number;
  /** What comes usually beyond all that the season may raise a mean by: out of nothing no ratio makes a load. */
  jump: number;
  /** Mean of about a week. */
  level: number;
  /** Whether enough was seen to believe what was learnt; before, the experts alone are. */
  experienced: boolean;
}
