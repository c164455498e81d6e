//! C19: where a document has a word of its own, screen and paper say that word, and none of ours.

#![expect(
    clippy::disallowed_methods,
    reason = "the test reads the procedures that ship with the product"
)]

use std::{fs, path::Path};

/// Procedure, the document's own words, and words of ours that stood in their place.
const TABLE: [(&str, &[&str], &[&str]); 9] = [
    (
        "inspection-station",
        &[
            "重复检测费用",
            "所用仪器是否在检定周期之内，是否符合检验方法要求",
            "检验方法是否符合要求，是否偏离文件化方针和程序或标准（规范），是否有效",
            "检验工作程序是否符合规定要求，检测过程是否有必要的质量控制",
            "检测环境条件是否符合要求",
            "数据处理是否正确",
            "收回原检测报告",
            "更改检测报告的声明文件",
            "抱怨受理登记预处理表",
            "媒体的报导",
        ],
        &["复检费用", "\"收回报告\"", "\"更改声明\"", "有无偏离"],
    ),
    (
        "hospital",
        &[
            "埋怨",
            "投诉函件",
            "专门调查小组",
            "制订处理方案",
            "真实性",
            "合理性",
            "病情进展",
        ],
        // Words of the machine's rewriting that the reading corrects (P2-a).
        &["订立", "特地", "调审核实", "供应证词", "搭配", "处理看法"],
    ),
    (
        "first-asked",
        &[
            "首问责任人",
            "手续完备",
            "后续解决方案",
            "控制范围",
            "原因与事实",
            "引导到",
            "坚持原则",
            "承诺",
        ],
        &["影响范围和控制措施"],
    ),
    (
        "car-dealer",
        &[
            "客户抱怨投诉处理跟踪表",
            "车牌号",
            "填单人姓名",
            "内容概要",
            "交付时间",
            "返回时间",
            "过失认定",
            "处理尺度",
            "不认可",
            "什么时间方便来店检查",
        ],
        &["\"填单人\""],
    ),
    (
        "customer-service",
        &[
            "客户服务团队",
            "在线表单",
            "确认收到",
            "客观证据",
            "补救措施",
            "防止类似问题再次发生",
        ],
        &[],
    ),
    (
        "clinical-laboratory",
        &[
            "抱怨与投诉处理回复表",
            "首次接待人",
            "综合管理组",
            "检验科主任",
            "细小",
            "较大",
            "移交院办调解",
            "技术复验",
            "最终处理方案",
        ],
        &[],
    ),
    (
        "factory",
        &[
            "造成客户对公司索赔或要求交货产品折价处理",
            "造成客户准备退货",
            "对公司产品市场或公司信誉造成严重影响",
            "造成公司丢失客户或客户减少下单量",
            "重要客户或新客户严重投诉与抱怨",
            "公司新开发产品遭客户投诉与抱怨",
            "客户投诉与抱怨意见反馈表",
            "内部联络单",
            "责任处理部门",
            "稽核",
        ],
        &["\"丢失客户或减少下单量\""],
    ),
    (
        "after-sales",
        &[
            "客户意见表（或投诉登记表）",
            "问题表现状况",
            "生产批号",
            "处理协议",
            "补偿的油品",
            "小礼物",
            "领导批准",
        ],
        &["礼品"],
    ),
    (
        "inspection-institute",
        &[
            "意见书",
            "质量体系适应性和有效性方面的问题",
            "检测计量器具、仪器设备失准方面的问题",
            "责任人职业道德方面的问题",
            "通过调研引发的其他潜在的不符合倾向",
            "重大检验事故的原因分析",
            "一般性检验异议",
            "用户（检验异议）申诉、投诉登记表",
            "申诉、投诉处理报告",
        ],
        &["\"计量器具、仪器设备失准方面\""],
    ),
];

/// What people read of a file: not its ids and comments.
fn read(folder: &Path, out: &mut String) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|e| e.path()) {
        if path.is_dir() {
            read(&path, out);
        } else if path.extension().is_some_and(|e| e == "toml") {
            let text = fs::read_to_string(&path).expect("a file of ours");
            let lines = text.lines().filter(|l| !l.trim_start().starts_with('#'));
            lines.for_each(|l| {
                out.push_str(l);
                out.push('\n');
            });
        }
    }
}

#[test]
fn a_procedure_speaks_in_the_words_of_its_document() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    for (procedure, own, ours) in TABLE {
        let mut text = String::new();
        read(&top.join(procedure), &mut text);
        for word in own {
            assert!(text.contains(word), "{procedure} does not say {word}");
        }
        for word in ours {
            // 重复检测费用 ends like the word that is not the document's.
            let plain = text.replace("重复检测费用", "");
            assert!(!plain.contains(word), "{procedure} says {word}");
        }
    }
    // What several procedures print is the station's paper.
    let mut shared = String::new();
    read(&top.join("shared/forms"), &mut shared);
    assert!(shared.contains("重复检测费用") && !shared.contains("复检费用"));
}
