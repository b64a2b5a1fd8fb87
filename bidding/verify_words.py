"""What the browser's verifier says, by the codes of static/js/verify/: the page hands them to it in the reader's language.

`{…}` are facts of the finding. A reason is looked up as `area.code`, then as `code`.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.models import Method

Words = dict[str, str | Promise]

# What was proved; those in UNPROVED say what was not.
LINES: Words = {
    "chain": _("{entries} 条记录首尾相接：每一条的摘要都由它自己的文字和前一条算出。末条摘要 {head}"),
    "reveals": _("事后公开的 {count} 项名称和评分，与事前的承诺一致"),
    "draw": _(
        "抽取 {draw}：{contributors} 份随机数重新算出同一个顺序，第一位是“{first}”（{forced} 份由保管人开启，{void} 份作废）"
    ),
    "offers": _(
        "密封报价：截止时封存 {closed} 份，开启 {opened} 份，无效 {void} 份；{checked} 份与已公开的机构和事前的承诺一致"
    ),
    "award": _("按规则版本和案卷重新计算（{method}）：“{winner}”以 {amount} 中选，与第 {entry} 条一致"),
    "award_next": _(
        "按规则版本和案卷重新计算（{method}）：顺位第 {rank} 的“{winner}”以 {amount} 递补中选，与第 {entry} 条一致"
    ),
    "failed": _("按规则版本和案卷重新计算（{method}）：无人中选，与第 {entry} 条一致（{reason}）"),
    "sealed": _("{entries} 条记录在平台日志的签名树中（共 {size} 条），全部记录截至 {until}"),
    "signed": _("日志由您给出的公钥签名：{key}"),
    "signed_unknown": _("日志签名有效，但公钥取自案卷自身：{key}。请与您从别处得知的公钥核对，或在上面填入后重新核验"),
    "some_unsealed": _("最后 {left} 条记录还没有进入签名树"),
    "undecided": _("选取还没有结束（{method}），没有可以重新计算的结果"),
    "no_ruleset": _("旧格式的案卷不带规则版本，中选结果没有重新计算"),
    "unsealed": _("案卷没有封存：记录彼此吻合，但文件之外没有任何东西为它作证"),
    "unsigned": _("这个浏览器不支持 Ed25519，日志签名没有检查。请换用较新的浏览器，或使用命令行"),
    "never": _("没有写进案卷的事、机构名称背后的实际经营，任何核验都证明不了"),
}
UNPROVED = ("signed_unknown", "some_unsealed", "undecided", "no_ruleset", "unsealed", "unsigned", "never")

AREAS: Words = {
    "form": _("文件格式"),
    "chain": _("记录链"),
    "reveal": _("公开的名称和评分"),
    "draw": _("抽取"),
    "ruleset": _("规则版本"),
    "seal": _("封存与签名"),
    "offers": _("密封报价"),
    "award": _("中选结果"),
}

REASONS: Words = {
    "no_utf8": _("这不是案卷文件：文字不是 UTF-8"),
    "other_format": _("这不是本页认识的案卷格式"),
    "no_case": _("案卷没有写明名称"),
    "cut_off": _("文件不完整或不是 JSON：第 {character} 个字符处读不下去"),
    "nested": _("文件嵌套过深，不是平台给出的案卷"),
    "name_twice": _("同一个字段“{name}”写了两次"),
    "more_follows": _("案卷结束之后还有内容"),
    "no_sealing": _("封存部分格式不对"),
    "too_large": _("文件有 {megabytes} MB，浏览器装不下，请用命令行核验"),
    "count": _("案卷自称有 {said} 条，实有 {computed} 条"),
    "head": _("案卷自称的末条摘要与算出的不同"),
    "malformed": _("内容残缺或类型不对"),
    "types": _("字段的类型不对"),
    "chain.fields": _("字段不是规定的六项"),
    "chain.number": _("这个位置上是第 {said} 条：有记录缺失、重复或错位"),
    "chain.other_case": _("这条属于另一份案卷：{said}"),
    "chain.time": _("时间 {at} 早于前一条（{before}）"),
    "chain.not_canonical": _("内容无法写成规范形式：{why}"),
    "chain.hash": _("这条的文字被改过，或者前面的记录被换过：摘要对不上"),
    "reveal.stranger": _("公开了“{who}”的名称，但它从未报名"),
    "reveal.name": _("公开“{who}”为 {uscc}，与报名时的承诺不符"),
    "reveal.marks": _("{who} 的评分与评分时的承诺不符"),
    "draw.order_of_steps": _("抽取 {draw} 的步骤颠倒、重复或缺失"),
    "draw.compulsory": _("抽取 {draw} 缺少必须参加者：{who}"),
    "draw.seal": _("抽取 {draw} 的名单和随机数与封存摘要不符"),
    "draw.reveal": _("{who} 公开的随机数与它在 {draw} 中的承诺不符"),
    "draw.void_unproven": _("{who} 的随机数在保管人全部答复之前就被作废"),
    "draw.left_out": _("抽取 {draw} 漏掉了随机数：{who}"),
    "draw.seed": _("抽取 {draw} 的种子与随机数不符"),
    "draw.drawn_order": _("抽取 {draw} 的顺序与种子不符，应为：{computed}"),
    "draw.malformed": _("抽取的内容残缺或不合规定：{why}"),
    "ruleset.left_out": _("案卷删去了发布时适用的规则版本 {id}"),
    "ruleset.other": _("案卷所带的规则版本不是发布时的那一份"),
    "ruleset.no_toml": _("规则版本无法读取：{why}"),
    "seal.forged": _("签名是伪造的，或签名之后内容被改过"),
    "seal.no_proof": _("这条没有封存证明，或证明错位"),
    "seal.proof_too_many": _("有第 {entry} 条的证明，却没有这条记录"),
    "seal.not_sealed": _("这条不是当初封存的那一条（树中第 {index} 位）：它或它之前的记录被重写过"),
    "seal.unsealed": _("您给了公钥，但案卷没有封存"),
    "seal.kept_out": _("这条写于 {at}，但截至 {until} 的签名树里没有它：是后来添加的，或被扣留过"),
    "offers.unfit": _("密封报价前后不符：{why}"),
    "award.unfit": _("案卷自相矛盾：{why}"),
    "award.bid_too_high": _("报价 {said} 不应受理：当时最高只能报 {computed}"),
    "award.bid_too_late": _("报价时间 {at} 不早于截止时间 {until}"),
    "award.no_tie": _("没有相同的报价，却为此抽取：{draw}"),
    "award.draws_among_others": _("抽取的名单不对，应为：{computed}"),
    "award.ends_twice": _("选取结束了两次"),
    "award.no_winner": _("案卷说“{winner}”中选，但按规则没有中选者（{why}）"),
    "award.winner": _("案卷说“{winner}”以 {amount} 中选，但按规则应为“{computed}”，{computed_amount}"),
    "award.fails_though_won": _("案卷说流标，但按规则“{computed}”中选"),
    "award.other_name": _("中选公告写的是 {name}，但它不是“{winner}”"),
    "award.not_its_award": _("“{winner}”并没有可以终止的中选"),
    "award.not_next": _("“{winner}”并不是下一顺位"),
}

LACKS: Words = {
    "webcrypto": _("这个浏览器在此地址下没有 WebCrypto（需要 HTTPS）。请用 HTTPS 打开，或使用命令行"),
    "x25519": _("这个浏览器不支持 X25519，无法重做抽取。请换用较新的浏览器，或使用命令行"),
    "key": _("公钥写法不对，应为：名称+编号+base64"),
    "fetch": _("没有取到这份案卷（{why}）。请核对编号，或下载后拖到这里"),
    "unknown": _("核验程序出错，没有得出结论：{why}"),
}

SAYS: Words = {
    "working": _("正在核验：已到第 {entry} 条"),
    "reading": _("正在读取 {name}"),
    "holds": _("✓ 案卷 {case} 成立"),
    "broken_entry": _("✗ 案卷不成立：第 {entry} 条有误"),
    "broken_file": _("✗ 案卷不成立"),
    "no_verdict": _("没有得出结论"),
    "at": _("核验于 {at}，在您的浏览器中完成，用时 {seconds} 秒"),
    "said": _("案卷所写"),
    "computed": _("重新算得"),
}


FAILURES: Words = {
    "no_bids": _("没有有效报价"),
    "too_few_entrants": _("报名机构不足"),
    "low_rejected": _("异常低价未被接受"),
    "award_declined": _("中选机构放弃，没有可以递补的机构"),
    "award_voided": _("中选被撤销，没有可以递补的机构"),
    "declined": _("被点名的机构没有接受"),
    "unconfirmed": _("被点名的机构没有按时确认"),
    "nobody_left": _("没有可以中选的机构"),
    "not_picked": _("采购人没有选定"),
    "not_drawn": _("没有抽取"),
}


def words() -> dict[str, object]:
    """All of it as plain text in the language of the moment."""
    named = {"lines": LINES, "areas": AREAS, "reasons": REASONS, "lacks": LACKS, "says": SAYS, "failures": FAILURES}
    methods = {str(method.value): str(method.label) for method in Method}
    plain: dict[str, object] = {name: {code: str(text) for code, text in some.items()} for name, some in named.items()}
    return {**plain, "methods": methods, "unproved": list(UNPROVED)}
