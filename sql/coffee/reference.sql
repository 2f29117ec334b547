-- What coffee needs to begin with, in full and idempotent: a second run adds nothing.

-- users: the badges. Levels come with their table.

insert into coffee.badges as b (code, name, description, measure, threshold)
values
  ('first_taste', '첫 시음', '커피 한 잔을 처음으로 기록했습니다.', 'taste_recorded', 1),
  ('taster', '시음가', '커피 백 잔을 기록했습니다.', 'taste_recorded', 100),
  ('first_box', '첫 번째 상자', '정기 구독을 한 번 결제했습니다.', 'subscription_paid', 1),
  ('loyal_subscriber', '단골', '정기 구독을 열두 번 결제했습니다.', 'subscription_paid', 12),
  ('first_scan', '첫 번째 봉투', '받은 원두의 QR 코드를 처음으로 찍었습니다.', 'qr_scanned', 1),
  ('bean_collector', '원두 수집가', '원두 스물다섯 봉을 기록했습니다.', 'qr_scanned', 25),
  ('first_feedback', '첫 번째 후기', '상자에 후기를 남겼습니다.', 'feedback_given', 1),
  ('critic', '평론가', '후기를 열 번 남겼습니다.', 'feedback_given', 10),
  ('blind_taster', '블라인드 테이스터', '블라인드 상자를 맞혀 보았습니다.', 'blind_guess', 1),
  ('blind_master', '블라인드 마스터', '블라인드 상자를 열 번 맞혀 보았습니다.', 'blind_guess', 10),
  ('thousand_points', '천 점', '경험치 천 점을 모았습니다.', 'experience_points', 1000)
on conflict (code) do update
set name = excluded.name, description = excluded.description, measure = excluded.measure, threshold = excluded.threshold
where (b.name, b.description, b.measure, b.threshold)
  is distinct from (excluded.name, excluded.description, excluded.measure, excluded.threshold);

-- tasting: the flavour wheel, from its middle outwards; each ring finds its parents among those before it.

insert into coffee.flavors as f (code, name, name_ko, parent_id, path)
select w.code, w.name, w.name_ko, p.id, '{}'
from (
  values
    ('fruity', 'Fruity', '과일', null),
    ('sour_fermented', 'Sour or fermented', '신맛·발효', null),
    ('green_vegetative', 'Green or vegetative', '풋내·채소', null),
    ('other', 'Other', '기타', null),
    ('roasted', 'Roasted', '로스팅', null),
    ('spices', 'Spices', '향신료', null),
    ('nutty_cocoa', 'Nutty or cocoa', '견과·코코아', null),
    ('sweet', 'Sweet', '단맛', null),
    ('floral', 'Floral', '꽃', null)
) as w (code, name, name_ko, parent)
left join coffee.flavors as p on p.code = w.parent
on conflict (code) do update
set name = excluded.name, name_ko = excluded.name_ko, parent_id = excluded.parent_id
where (f.name, f.name_ko, f.parent_id) is distinct from (excluded.name, excluded.name_ko, excluded.parent_id);

insert into coffee.flavors as f (code, name, name_ko, parent_id, path)
select w.code, w.name, w.name_ko, p.id, '{}'
from (
  values
    ('berry', 'Berry', '베리', 'fruity'),
    ('dried_fruit', 'Dried fruit', '말린 과일', 'fruity'),
    ('other_fruit', 'Other fruit', '그 밖의 과일', 'fruity'),
    ('citrus', 'Citrus', '감귤류', 'fruity'),
    ('sour', 'Sour', '신맛', 'sour_fermented'),
    ('alcohol_fermented', 'Alcohol or fermented', '알코올·발효', 'sour_fermented'),
    ('olive_oil', 'Olive oil', '올리브유', 'green_vegetative'),
    ('raw', 'Raw', '날것', 'green_vegetative'),
    ('green', 'Green', '풋내', 'green_vegetative'),
    ('beany', 'Beany', '콩', 'green_vegetative'),
    ('papery_musty', 'Papery or musty', '종이·곰팡내', 'other'),
    ('chemical', 'Chemical', '화학', 'other'),
    ('pipe_tobacco', 'Pipe tobacco', '파이프 담배', 'roasted'),
    ('tobacco', 'Tobacco', '담배', 'roasted'),
    ('burnt', 'Burnt', '탄 향', 'roasted'),
    ('cereal', 'Cereal', '곡물', 'roasted'),
    ('pungent', 'Pungent', '자극', 'spices'),
    ('pepper', 'Pepper', '후추', 'spices'),
    ('brown_spice', 'Brown spice', '갈색 향신료', 'spices'),
    ('nutty', 'Nutty', '견과', 'nutty_cocoa'),
    ('cocoa', 'Cocoa', '코코아', 'nutty_cocoa'),
    ('brown_sugar', 'Brown sugar', '흑설탕', 'sweet'),
    ('vanilla', 'Vanilla', '바닐라', 'sweet'),
    ('vanillin', 'Vanillin', '바닐린', 'sweet'),
    ('overall_sweet', 'Overall sweet', '전반적인 단맛', 'sweet'),
    ('sweet_aromatics', 'Sweet aromatics', '단 향', 'sweet'),
    ('black_tea', 'Black tea', '홍차', 'floral'),
    ('flower', 'Flower', '꽃향기', 'floral')
) as w (code, name, name_ko, parent)
join coffee.flavors as p on p.code = w.parent
on conflict (code) do update
set name = excluded.name, name_ko = excluded.name_ko, parent_id = excluded.parent_id
where (f.name, f.name_ko, f.parent_id) is distinct from (excluded.name, excluded.name_ko, excluded.parent_id);

insert into coffee.flavors as f (code, name, name_ko, parent_id, path)
select w.code, w.name, w.name_ko, p.id, '{}'
from (
  values
    ('blackberry', 'Blackberry', '블랙베리', 'berry'),
    ('raspberry', 'Raspberry', '라즈베리', 'berry'),
    ('blueberry', 'Blueberry', '블루베리', 'berry'),
    ('strawberry', 'Strawberry', '딸기', 'berry'),
    ('raisin', 'Raisin', '건포도', 'dried_fruit'),
    ('prune', 'Prune', '말린 자두', 'dried_fruit'),
    ('coconut', 'Coconut', '코코넛', 'other_fruit'),
    ('cherry', 'Cherry', '체리', 'other_fruit'),
    ('pomegranate', 'Pomegranate', '석류', 'other_fruit'),
    ('pineapple', 'Pineapple', '파인애플', 'other_fruit'),
    ('grape', 'Grape', '포도', 'other_fruit'),
    ('apple', 'Apple', '사과', 'other_fruit'),
    ('peach', 'Peach', '복숭아', 'other_fruit'),
    ('pear', 'Pear', '배', 'other_fruit'),
    ('grapefruit', 'Grapefruit', '자몽', 'citrus'),
    ('orange', 'Orange', '오렌지', 'citrus'),
    ('lemon', 'Lemon', '레몬', 'citrus'),
    ('lime', 'Lime', '라임', 'citrus'),
    ('sour_aromatics', 'Sour aromatics', '신 향', 'sour'),
    ('acetic_acid', 'Acetic acid', '초산', 'sour'),
    ('butyric_acid', 'Butyric acid', '부티르산', 'sour'),
    ('isovaleric_acid', 'Isovaleric acid', '이소발레르산', 'sour'),
    ('citric_acid', 'Citric acid', '구연산', 'sour'),
    ('malic_acid', 'Malic acid', '사과산', 'sour'),
    ('winey', 'Winey', '와인', 'alcohol_fermented'),
    ('whiskey', 'Whiskey', '위스키', 'alcohol_fermented'),
    ('fermented', 'Fermented', '발효', 'alcohol_fermented'),
    ('overripe', 'Overripe', '너무 익은', 'alcohol_fermented'),
    ('under_ripe', 'Under-ripe', '덜 익은', 'green'),
    ('peapod', 'Peapod', '완두콩 꼬투리', 'green'),
    ('fresh', 'Fresh', '싱그러운', 'green'),
    ('dark_green', 'Dark green', '짙은 풀', 'green'),
    ('vegetative', 'Vegetative', '채소', 'green'),
    ('hay_like', 'Hay-like', '건초', 'green'),
    ('herb_like', 'Herb-like', '허브', 'green'),
    ('stale', 'Stale', '묵은', 'papery_musty'),
    ('cardboard', 'Cardboard', '골판지', 'papery_musty'),
    ('papery', 'Papery', '종이', 'papery_musty'),
    ('woody', 'Woody', '나무', 'papery_musty'),
    ('moldy_damp', 'Moldy or damp', '눅눅한', 'papery_musty'),
    ('musty_dusty', 'Musty or dusty', '먼지', 'papery_musty'),
    ('musty_earthy', 'Musty or earthy', '흙', 'papery_musty'),
    ('animalic', 'Animalic', '동물', 'papery_musty'),
    ('meaty_brothy', 'Meaty or brothy', '고기 국물', 'papery_musty'),
    ('phenolic', 'Phenolic', '페놀', 'papery_musty'),
    ('bitter', 'Bitter', '쓴맛', 'chemical'),
    ('salty', 'Salty', '짠맛', 'chemical'),
    ('medicinal', 'Medicinal', '약', 'chemical'),
    ('petroleum', 'Petroleum', '석유', 'chemical'),
    ('skunky', 'Skunky', '스컹크', 'chemical'),
    ('rubber', 'Rubber', '고무', 'chemical'),
    ('acrid', 'Acrid', '매캐한', 'burnt'),
    ('ashy', 'Ashy', '재', 'burnt'),
    ('smoky', 'Smoky', '연기', 'burnt'),
    ('brown_roast', 'Brown roast', '구운', 'burnt'),
    ('grain', 'Grain', '낟알', 'cereal'),
    ('malt', 'Malt', '맥아', 'cereal'),
    ('anise', 'Anise', '아니스', 'brown_spice'),
    ('nutmeg', 'Nutmeg', '육두구', 'brown_spice'),
    ('cinnamon', 'Cinnamon', '계피', 'brown_spice'),
    ('clove', 'Clove', '정향', 'brown_spice'),
    ('peanuts', 'Peanuts', '땅콩', 'nutty'),
    ('hazelnut', 'Hazelnut', '헤이즐넛', 'nutty'),
    ('almond', 'Almond', '아몬드', 'nutty'),
    ('chocolate', 'Chocolate', '초콜릿', 'cocoa'),
    ('dark_chocolate', 'Dark chocolate', '다크 초콜릿', 'cocoa'),
    ('molasses', 'Molasses', '당밀', 'brown_sugar'),
    ('maple_syrup', 'Maple syrup', '메이플 시럽', 'brown_sugar'),
    ('caramelized', 'Caramelized', '캐러멜', 'brown_sugar'),
    ('honey', 'Honey', '꿀', 'brown_sugar'),
    ('chamomile', 'Chamomile', '캐모마일', 'flower'),
    ('rose', 'Rose', '장미', 'flower'),
    ('jasmine', 'Jasmine', '재스민', 'flower')
) as w (code, name, name_ko, parent)
join coffee.flavors as p on p.code = w.parent
on conflict (code) do update
set name = excluded.name, name_ko = excluded.name_ko, parent_id = excluded.parent_id
where (f.name, f.name_ko, f.parent_id) is distinct from (excluded.name, excluded.name_ko, excluded.parent_id);
