import { readFileSync } from 'node:fs';
import { askPages, closePages } from './documents/pages.ts';
import { cleaned } from './activities/ocr/clean.ts';
import { greyOf, scaled, smoothed, turned, toPgm } from './activities/ocr/grey.ts';
import { levelling } from './activities/ocr/skew.ts';
const bytes=readFileSync('samples/documents/03-poor-scan.pdf');
const cpu=()=>{const u=process.cpuUsage();return (u.user+u.system)/1000};
let t=cpu(); const lap=(n:string)=>{const x=cpu();console.log(n,Math.round(x-t));t=cpu();};
for(let i=0;i<3;i++){
const p=await askPages({name:'drawPage',argument:{bytes,page:1,dpi:200,maxPixels:9e6},within:30000}); lap('draw');
let g=greyOf(p); lap('grey');  g=scaled(g,1750/g.width*1.03); lap('scale'); const s=smoothed(g,1); lap('smooth'); g=cleaned(g).grey; lap('clean'); levelling(g); lap('skew'); turned(g,2); lap('turn'); toPgm(g); lap('pgm');}
await closePages();
