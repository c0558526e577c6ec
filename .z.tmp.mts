import { createWorker, OEM } from 'tesseract.js';
import { askPages, closePages } from './documents/pages.ts';
import { cleaned } from './activities/ocr/clean.ts';
import { scaled, turned, toPgm } from './activities/ocr/grey.ts';
import { levelling } from './activities/ocr/skew.ts';
import { documents } from './samples/documents.ts';
import * as inv from './samples/invoices.ts';
import { letter } from './samples/layouts/letter.ts'; import { banner } from './samples/layouts/banner.ts'; import { tradesman } from './samples/layouts/tradesman.ts'; import { sidebar } from './samples/layouts/sidebar.ts'; import { american } from './samples/layouts/american.ts';
import { scan, randomFrom } from './samples/scan.ts';
const W=Number(process.argv[2]??1750);
const w = await createWorker((process.argv[3]??'deu+eng').split('+'),OEM.LSTM_ONLY,{langPath:'/tmp/d/tess-4.0.0_best_int',cacheMethod:'none'});
const pdfs=[await letter(inv.paper),await banner(inv.stationery),await tradesman(inv.cleaning),await sidebar(inv.tradeFair,{colour:'#20527a',tint:'#e6eef5'}),await american(inv.software)];
const vocab=[] as Set<string>[];
for(const b of pdfs){const t=await askPages({name:'readText',argument:{bytes:b,page:1},within:30000}); vocab.push(new Set(t.words.map(x=>x.text)));}
let wrong:any[]=[], good:number[]=[]; const rnd=randomFrom(77);
for(let i=0;i<30;i++){ const k=i%5; const deg={dpi:110+Math.round(rnd()*70),skew:rnd()*5-2.5,blur:rnd()*0.9,noise:4+rnd()*16,specks:rnd()*200,ink:20+rnd()*60,paper:225+rnd()*30,shadow:rnd()*60,seed:i};
 const r=await scan(pdfs[k]!,deg); let g=scaled({width:r.width,height:r.height,values:r.grey},W/r.width); const c=cleaned(g); g=c.grey; const a=levelling(g); g=turned(g,a);
 const t=Date.now(); const res=await w.recognize(toPgm(g),{},{blocks:true}); const ms=Date.now()-t;
 const words=(res.data.blocks??[]).flatMap(b=>b.paragraphs.flatMap(q=>q.lines.flatMap(l=>l.words)));
 const num=words.filter(x=>/\d.*\d/.test(x.text)); const bad=num.filter(x=>!vocab[k]!.has(x.text)&&!vocab[k]!.has(x.text.replace(/[.,:]$/,'')));
 for(const x of num) if(!bad.includes(x)) good.push(x.confidence); for(const x of bad) wrong.push([k,x.text,Math.round(x.confidence)]);
 console.log(i,k,`dpi ${deg.dpi} noise ${deg.noise.toFixed(0)} blur ${deg.blur.toFixed(1)} skew ${deg.skew.toFixed(1)}/${a.toFixed(1)} leg ${c.legibility.toFixed(0)} ${ms}ms`, 'numbers',num.length,'bad',bad.length,'bad>=85:',bad.filter(x=>x.confidence>=85).map(x=>x.text+':'+Math.round(x.confidence)).join(' '));
}
const h=(a:number[])=>[0,50,60,70,80,85,90,93,95].map((lo,i,l)=>`${lo}+:${a.filter(v=>v>=lo&&v<(l[i+1]??101)).length}`).join(' ');
console.log('good',h(good)); console.log('wrong',h(wrong.map(x=>x[2])));
await w.terminate(); await closePages();
