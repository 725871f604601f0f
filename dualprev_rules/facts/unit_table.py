"""The declared units: dimension, symbol, scale and every spelling that is read.

A paragraph is a dimension: its name, the powers of the base keys that it is made of, then its units, the
coherent one first. A unit is ``symbol | scale | further spellings``. The scale says how many of the coherent
unit it is, exactly, and ``+`` what is added to it (a temperature's zero). Base keys that look alike
are different on purpose: nothing converts a volume fraction into a share of the explosive limit, a gauge
pressure into an absolute one, or months into days. Spellings are compared after ``units.find_unit`` has
folded width, raised figures, dots and spaces.
"""

TABLE = """
number
| 1
ratio | 1 | 倍 比值
万 | 10000 | 万人 万只 万台
亿 | 100000000
% | 1/100 | percent 百分比 个百分点
‰ | 1/1000
人 | 1 | person people 名 人员
个 | 1 | 件 只 台 套 座 处 条 根 支 具 部 辆 栋 幢 间 户 家 扇 块 组 口 孔 门 项 种 类 count items sets pcs
次 | 1 | times 起 例
层 | 1 | floor floors storey storeys
张 | 1 | 床 床位 bed beds
席 | 1 | 座位 seat seats
分 | 1 | point points

mass: mass
kg | 1 | 公斤 千克 KG Kg
t | 1000 | 吨 公吨 T ton tonne
g | 1/1000 | 克
mg | 1/1000000 | 毫克
μg | 1/1000000000 | ug 微克
万t | 10000000 | 万吨
Mt | 1000000000 | 百万吨

length: length
m | 1 | 米 公尺
km | 1000 | 公里 千米
dm | 1/10 | 分米
cm | 1/100 | 厘米 公分
mm | 1/1000 | 毫米
μm | 1/1000000 | um 微米
m/百人 | 1/100 | m/100人 m/100person 米/百人

area: length 2
m² | 1 | 平方米 平米 sqm
km² | 1000000 | 平方公里 平方千米
cm² | 1/10000 | 平方厘米
mm² | 1/1000000 | 平方毫米
ha | 10000 | 公顷 hm2
亩 | 2000/3
L/m | 1/1000 | 升/米

volume: length 3
m³ | 1 | 立方米 立方 方 cbm
L | 1/1000 | 升 l 公升
mL | 1/1000000 | 毫升 ml
dm³ | 1/1000 | 立方分米
cm³ | 1/1000000 | 立方厘米 cc
万m³ | 10000 | 万立方米 万方
亿m³ | 100000000 | 亿立方米 亿方

time: time
s | 1 | 秒 sec
ms | 1/1000 | 毫秒
min | 60 | 分钟 mins minutes
h | 3600 | 小时 时 hr hour hours
d | 86400 | 天 日 day days
周 | 604800 | week weeks 星期

calendar time: calendar
月 | 1 | 个月 month months mon
季度 | 3 | 季 quarter
年 | 12 | a year years 周岁 岁

working days: working_day
工作日 | 1 | working_day

speed: length time -1
m/s | 1 | 米/秒 米每秒
m/min | 1/60 | 米/分钟
km/h | 5/18 | 公里/小时 千米/小时
mm/min | 1/60000 | L/(min·m2)
L/(s·m²) | 1/1000

acceleration: length time -2
m/s² | 1

frequency: time -1
Hz | 1 | 赫兹 1/s
r/min | 1/60 | rpm 转/分 转/分钟
次/min | 1/60 | 次/分钟 1/min
次/h | 1/3600 | 次/小时 1/h
次/d | 1/86400 | 次/天 次/日 1/d

frequency by calendar: calendar -1
次/月 | 1 | 1/月 /月 per_month
次/年 | 1/12 | 次/a 1/a /a 1/年 /年 per_year

throughput: mass calendar -1
kg/月 | 1 | kg/month
t/a | 250/3 | t/年 吨/年 t/year
万t/a | 2500000/3 | 万t/年 万吨/年 万吨/a 10k_t/a
Mt/a | 250000000/3 | Mt/年 百万吨/年

mass flow: mass time -1
kg/s | 1
kg/h | 1/3600 | kg/小时 公斤/小时 千克/小时
t/h | 5/18 | 吨/小时 t/小时
t/d | 5/432 | 吨/天 吨/日 t/天 t/日

volume flow: length 3 time -1
m³/s | 1 | 立方米/秒
m³/min | 1/60 | 立方米/分钟 m3/分钟 m3/(min·人) m3/(min·person)
m³/h | 1/3600 | 立方米/小时 m3/小时
m³/d | 1/86400 | 立方米/天 立方米/日 m3/天 m3/日
L/s | 1/1000 | 升/秒
L/min | 1/60000 | 升/分钟 l/min
L/h | 1/3600000 | 升/小时

gas emission: length 3 mass -1
m³/kg | 1
m³/t | 1/1000 | 立方米/吨
mL/g | 1/1000 | ml/g

air for power: length mass -1 time 2
m³/(s·W) | 1
m³/(min·kW) | 1/60000

absolute pressure, stress, load: mass length -1 time -2
Pa | 1 | 帕 帕斯卡 N/m2 Pa(A) Pa(绝压)
hPa | 100 | 百帕
kPa | 1000 | 千帕 KPa kPa(A) kPa(绝压)
MPa | 1000000 | 兆帕 Mpa MPA N/mm2 MPa(A) MPaA MPa(abs) MPa(绝压) 兆帕(绝压)
bar | 100000 | 巴 bar(A) bara bar(绝压)
kN/m² | 1000 | 千牛/平方米
kgf/cm² | 196133/2 | 公斤力/平方厘米
atm | 101325 | 标准大气压
mmHg | 26664477483/200000000 | 毫米汞柱

gauge pressure: gauge_pressure
Pa(G) | 1 | PaG Pa(表压) 帕(表压)
kPa(G) | 1000 | kPaG KPaG kPa(g) kPa(表压) 千帕(表压) kPa(gauge)
MPa(G) | 1000000 | MPaG MpaG MPa(g) MPa(表压) 兆帕(表压) MPa(gauge) Mpa(G) Mpa(表压)
bar(G) | 100000 | barg barG bar(g) bar(表压) 巴(表压) bar(gauge)

pressure gradient: mass length -2 time -2
Pa/m | 1
kPa/m | 1000
MPa/m | 1000000

temperature: temperature
K | 1 | 开尔文
°C | 1 + 5463/20 | ℃ 摄氏度 度C degC C

temperature difference: temperature_difference
ΔK | 1 | Δ°C K(温差) °C(温差) K(温升) °C(温升) 度温差

force: mass length time -2
N | 1 | 牛 牛顿
kN | 1000 | 千牛 KN
MN | 1000000 | 兆牛
kgf | 196133/20000 | 公斤力

line load, fire load: mass time -2
N/m | 1
kN/m | 1000 | 千牛/米
J/m² | 1
MJ/m² | 1000000 | 兆焦/平方米

energy, torque: mass length 2 time -2
J | 1 | 焦 焦耳
kJ | 1000 | 千焦 KJ
MJ | 1000000 | 兆焦
GJ | 1000000000 | 吉焦
kWh | 3600000 | kW·h 千瓦时 度电
cal | 523/125 | 卡
kcal | 4184 | 千卡 大卡
N·m | 1 | Nm 牛米
kN·m | 1000 | kNm 千牛米

specific energy: length 2 time -2
J/kg | 1
kJ/kg | 1000
J/g | 1000 | 焦/克
MJ/kg | 1000000

power: mass length 2 time -3
W | 1 | 瓦
kW | 1000 | 千瓦 KW Kw
MW | 1000000 | 兆瓦

heat flux: mass time -3
W/m² | 1
kW/m² | 1000 | 千瓦/平方米

apparent power: apparent_power
VA | 1 | V·A
kVA | 1000 | KVA kV·A 千伏安
MVA | 1000000 | MV·A 兆伏安

current: current
A | 1 | 安 安培
mA | 1/1000 | 毫安
kA | 1000 | 千安

charge: current time
A·s | 1 | 库仑
mA·s | 1/1000 | mAs

voltage: current -1 length 2 mass time -3
V | 1 | 伏 伏特
mV | 1/1000 | 毫伏
kV | 1000 | 千伏 KV

resistance: current -2 length 2 mass time -3
Ω | 1 | ohm ohms 欧 欧姆
mΩ | 1/1000 | 毫欧
kΩ | 1000 | 千欧
MΩ | 1000000 | 兆欧

density, concentration: length -3 mass
kg/m³ | 1 | 千克/立方米 公斤/立方米
g/m³ | 1/1000 | 克/立方米
mg/m³ | 1/1000000 | 毫克/立方米
μg/m³ | 1/1000000000 | ug/m3 微克/立方米
g/cm³ | 1000 | g/mL g/ml 克/立方厘米
t/m³ | 1000 | 吨/立方米
mg/L | 1/1000 | mg/l 毫克/升
g/L | 1 | g/l 克/升

line density: length -1 mass
kg/m | 1 | 千克/米 公斤/米

area density: length -2 mass
kg/m² | 1 | 千克/平方米 公斤/平方米

people per area: length -2
人/m² | 1 | person/m2 人/平方米 1/m2

volume fraction: volume_fraction
%vol | 1 | vol% %VOL VOL% %v/v %(v/v) %(V/V) %(vol) v/v% 体积% %体积 %(体积) %(体积分数)
ppm(vol) | 1/10000 | ppmv ppmV ppm(V/V) ppm(v/v) ppm(体积)

share of the lower explosive limit: lel_fraction
%LEL | 1 | LEL% %lel lel% %(LEL) %爆炸下限

mass fraction: mass_fraction
%mass | 1 | %wt wt% %(wt) %w/w %(w/w) %(m/m) mass% 质量% %质量 %(质量) %(质量分数)
mg/kg | 1/10000 | 毫克/千克
ppm(mass) | 1/10000 | ppmw ppm(质量)

share of the exposure limit: oel_fraction
%OEL | 1 | OEL% %(OEL)

parts per million: parts_per_million
ppm | 1 | PPM
ppb | 1/1000 | PPB

money: money
元 | 1 | CNY RMB 人民币元 圆
千元 | 1000
万元 | 10000 | 10k_CNY
百万元 | 1000000
亿元 | 100000000

sound: sound
dB | 1 | 分贝

sound, A-weighted: sound_a
dB(A) | 1 | dBA 分贝(A)

illuminance: illuminance
lx | 1 | lux 勒克斯 勒
klx | 1000

plane angle: angle
° | 1 | deg degree degrees 度
′ | 1/60 | 角分
″ | 1/3600 | 角秒

wind force: wind_force
级 | 1 | beaufort Beaufort 级风

nominal diameter: nominal_diameter
DN | 1

gas desorption: gas_desorption
mL/(g·min^0.5) | 1 | mL/(g·min0.5) ml/(g·min0.5) mL/(g·min1/2)
"""
