module Main where

open import Agda.Builtin.IO
open import Agda.Builtin.String
open import Agda.Builtin.Unit

{-# FOREIGN GHC import qualified Data.Text.IO as Text #-}
open import Agda.Builtin.Nat

postulate putStrLn : String → IO ⊤
{-# COMPILE GHC putStrLn = Text.putStrLn #-}

-- A list that knows its length: to take the first of an empty one is no error at run time, it cannot be written.
data Vec (A : Set) : Nat → Set where
  []  : Vec A 0
  _∷_ : {n : Nat} → A → Vec A n → Vec A (suc n)
infixr 5 _∷_

head : {A : Set} {n : Nat} → Vec A (suc n) → A
head (x ∷ _) = x

join : {n : Nat} → Vec String n → String
join []       = ""
join (w ∷ ws) = primStringAppend w (primStringAppend " · " (join ws))

seasons : Vec String 4
seasons = "spring" ∷ "summer" ∷ "autumn" ∷ "winter" ∷ []

main : IO ⊤
main = putStrLn (primStringAppend (join seasons) (primStringAppend "and then again " (head seasons)))
