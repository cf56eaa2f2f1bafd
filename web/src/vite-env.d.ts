declare const __FILES__: string[];
declare module '*.svg?raw' {
  const text: string;
  export default text;
}
