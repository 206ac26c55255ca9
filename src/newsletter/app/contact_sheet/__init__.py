"""The page that shows a composed edition in every way in which its readers may meet it."""
