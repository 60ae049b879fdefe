/** The part of jStat that is used; the package brings no types. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** The share of Student's distribution with so many degrees of freedom that lies below `x`. */
      cdf(x: number, freedom: number): number;
    };
  };
  export default jStat;
}
