declare const __FILES__: string[];
declare module '*.svg?url' {
  const url: string;
  export default url;
}
