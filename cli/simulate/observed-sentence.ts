/** Of a group of `mode: observe`: what it would do is what is asked. */
export const observedSentence =
  'It only observes (mode: observe): it is played here as if it were active, while in truth nothing of this happens';
