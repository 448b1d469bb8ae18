import { describe, expect, test } from 'vitest'
import { PageFailed, normalise, visibleText } from '#pages'

describe('Seen is', () => {
  test.each([
    [
      'text, a line for each block',
      '<h1>公示</h1><p>一</p>二<div>三<ul><li>四<li>五</ul></div>',
      '公示\n一\n二\n三\n四\n五',
    ],
    ['each cell for itself', '<table><tr><td>路</td><td>灯</td></tr><tr><th>安<th>装</table>', '路\n灯\n安\n装'],
    [
      'what stands in inline elements, as one',
      '<p>确<b>保</b><span>在<a href=x>9</a>月</span><font color=red>底</font>前</p>',
      '确保在9月底前',
    ],
    ['a break within a line as a space', '确保在<br>9月<br/>底前</br>完成', '确保在 9月 底前 完成'],
    ['a place where a word may break as nothing', '确保<wbr>在9月', '确保在9月'],
    ['white space of the source as one space', 'a \n\t b\r\n<pre>c\nd</pre>', 'a b\nc d'],
    ['what entities stand for', '&#30830;&#x4fdd; A&amp;B &lt;b&gt; 5&yen;', '确保 A&B <b> 5¥'],
    [
      'what opens at a click',
      '<details><summary>一</summary>二</details><select><option>三<option>四</select>',
      '一\n二\n三\n四',
    ],
    ['what is hidden from screen readers only', '<span aria-hidden=true>确保</span>', '确保'],
    [
      'what is not hidden after all',
      '<p style="display:none;display:block">一<p style="display:block!important;display:none">二',
      '一\n二',
    ],
    [
      'what says so within an invisible part',
      '<div style="visibility:hidden">甲<b style="visibility:visible">乙</b></div>',
      '乙',
    ],
    [
      'a style that only looks like hiding',
      '<p style="/*display:none*/color:red;x-display:none;display:nonesuch">一',
      '一',
    ],
    ['text in a picture made of text', '<svg><title>甲</title><text>乙</text></svg>', '乙'],
    ['Chinese without the readings over it', '<ruby>落<rp>(</rp><rt>luò</rt><rp>)</rp>实<rt>shí</ruby>', '落实'],
    ['an open dialog', '<dialog open>一</dialog>', '一'],
  ])('%s', (_, html, text) => {
    expect(visibleText(html)).toBe(text)
  })
})

describe('Not seen is', () => {
  test.each([
    ['the title', '<title>密</title>'],
    ['scripts and styles', '<script>"密"</script><style>密{}</style><SCRIPT type=x>密</SCRIPT>'],
    [
      'what is for other browsers',
      '<noscript>密</noscript><noframes>密</noframes><noembed>密</noembed><iframe>密</iframe>',
    ],
    ['a template', '<template><p>密</p></template>'],
    [
      'what stands in for films and drawings',
      '<video>密</video><audio>密</audio><canvas>密</canvas><object>密</object>',
    ],
    ['comments of every kind', '<!--密--><!密><?密?><![CDATA[密]]><!--><p hidden>--><!-- > 密 --!>'],
    ['what is hidden', '<p hidden>密</p><p hidden=until-found>密</p><p HIDDEN="">密</p>'],
    ['hidden fields, and what fields hold', '<input type=hidden value=密><input value=密><button value=密></button>'],
    [
      'what is not displayed, with all within',
      '<div style="display:none">密<p>密<b style="display:block;visibility:visible">密</b></div>',
    ],
    [
      'however that is written',
      `<i style="DISPLAY : NONE ">密</i><i style='color:red;display:none !important;display:block'>密</i><i style=display:none>密</i><i style="display:/**/none">密</i><i style="display&#58;none">密</i>`,
    ],
    [
      'what is invisible, with all within',
      '<div style="visibility:hidden">密<p>密<b style="visibility:inherit">密</b></div><i style="visibility:collapse">密</i>',
    ],
    ['a closed dialog and a list of suggestions', '<dialog>密</dialog><datalist><option>密</datalist>'],
    [
      'attributes',
      '<img alt=密 title=密><a href=密 title=密></a><p data-text=密></p><meta name=description content=密>',
    ],
    [
      'parts of pictures that are only defined',
      '<svg><defs><text>密</text></defs><desc>密</desc><metadata>密</metadata></svg>',
    ],
    ['a tag without an end', '<p 密'],
  ])('%s', (_, html) => {
    expect(visibleText(`显${html}示`)).not.toContain('密')
    expect(visibleText(html)).toBe('')
  })
})

describe('Broken HTML', () => {
  test.each([
    ['a head without an end', '<html><head><title>题</title><meta charset=gbk><p>正文', '正文'],
    ['tags that cross', '<b>一<i>二</b>三</i>四', '一二三四'],
    ['tags that close nothing', '</div>一</span></p>二</table>', '一\n二'],
    ['text after the end', '<html><body>一</body></html>二', '一\n二'],
    ['an attribute without an end of quotes', '<p>一</p><p title="二>三', '一'],
    ['less than, as text', '1 < 2 <3', '1 < 2 <3'],
    ['nothing', '', ''],
    ['no HTML', '确保在9月底前', '确保在9月底前'],
    ['a hidden paragraph that the next one ends', '<p hidden>密<p>显', '显'],
    ['a hidden item that the next one ends', '<ul><li style="display:none">密<li>显</ul>', '显'],
    ['a form within a form', '<form>一<form hidden>二</form>三</form>', '一二\n三'],
  ])('%s', (_, html, text) => {
    expect(visibleText(html)).toBe(text)
  })
})

describe('A page beyond what people read', () => {
  test.each([
    ['nested 513 times', '<b>'.repeat(513), /deeper than 512/],
    ['of 100,001 elements', '<b></b>'.repeat(100_001), /more than 200000/],
    ['of 200,001 elements without an end', '<br>'.repeat(200_001), /more than 200000/],
    ['of 200,001 tags that close nothing', '</b>'.repeat(200_001), /more than 200000/],
    ['of 200,001 entities', '&amp;'.repeat(200_001), /more than 200000/],
  ])('%s is refused', (_, html, why) => {
    expect(() => visibleText(html)).toThrow(why)
  })

  test('and one just below is read', () => {
    expect(visibleText(`${'<b>'.repeat(512)}底${'</b>'.repeat(512)}层`)).toBe('底层')
    expect(visibleText('<b></b>'.repeat(99_999) + '底')).toBe('底')
  })

  test.each([
    ['nesting', '<b>'],
    ['nesting, closing what was never opened', '<b></i>'],
    ['closing, far down, what was never opened', '</u>', '<b>'.repeat(512)],
    ['elements far down', '<i></i></u>', '<b>'.repeat(500)],
    ['elements', '<b></b>'],
    ['one comment', '-', '<!--'],
    ['one tag', 'a ', '<p '],
    ['attributes', 'a=b ', '<p '],
    ['comments within a style', '/*', '<p style="', '">'],
    ['declarations within a style', 'a:b;', '<p style="', '">'],
    ['spaces within styles', `<p style="a:b${' '.repeat(9_000)}c">`],
    ['styles', '<p style="display:none;a:b">'],
    ['entities', '&amp;'],
    ['entities that never end', '&a'],
    ['brackets', '<'],
    ['a script without an end', '</scrip', '<script>'],
    ['spaces', ' '],
    ['lines', '<p> '],
  ])('5 MiB of %s cost no more than a moment', (_, piece, before = '', after = '') => {
    const html = before + piece.repeat((5 * 1024 * 1024) / piece.length) + after
    const started = performance.now()
    try {
      visibleText(html)
    } catch (error) {
      expect(error).toBeInstanceOf(PageFailed)
    }
    expect(performance.now() - started).toBeLessThan(10_000) // a second at most on a quiet machine; what is quadratic takes minutes
  })
})

describe('Normalised', () => {
  test.each([
    ['width', 'ＡＢＣ１２３，（）％', 'abc123,()%'],
    ['half-width kana and compatibility forms', 'ｶﾞ㈱①㎡', 'ガ(株)1m2'],
    ['case', 'GDP Straße ΣΑΣ', 'gdpstraßeσασ'],
    ['white space of every kind', '确 保\n在\t9\u00a0月\u3000底\u2003前\u2028完\u0085成', '确保在9月底前完成'],
    [
      'zero widths, soft hyphens and marks',
      '确\u200b保\u00ad在\u200d9\ufeff月\u2060底\u202e前\ufe0f完\u200e成\u180e',
      '确保在9月底前完成',
    ],
    ['controls', '确\u0000保\u0007', '确保'],
    ['quotes', '“确保”‘确保’「确保」『确保』"确保"＂确保＂《确保》', '"确保"确保"确保"确保"确保"确保"《确保》'],
    [
      'dashes',
      '9月—10月、9月——10月、9月–10月、9月－10月、9月～10月、9月〜10月、9月──10月',
      Array.from({ length: 7 }, () => '9月-10月').join('、'),
    ],
    ['compatibility ideographs', '\uf9d8\u2f00', '律一'],
    ['letters with marks, in two pieces or one', 'cafe\u0301 caf\u00e9', 'cafécafé'],
  ])('%s', (_, text, normalised) => {
    expect(normalise(text)).toBe(normalised)
  })
})
